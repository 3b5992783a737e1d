// The twin of tokaudit/planning/curves/: the datasets of each figure, or null where Python has a sentence.

const STEPS = 30; // tenths of a power of ten in FLOPs, down and up from the budget
const CELLS = 60;
const BEYOND = 30;
const WIDE = 10; // planning/intervals.py, is_wide

function curvesOf(asked) {
  const plan = judged(asked);
  return {
    supply: domainRows(plan),
    epochs: epochRows(asked.case),
    isoflop: isoflopRows(asked.case, plan),
    loss: lossRows(asked.case, plan),
  };
}

// ---- planning/curves/domains.py ----

function domainRows(plan) {
  const rows = plan.domains
    .filter((entry) => entry.share)
    .map((entry) => ({
      domain: entry.domain,
      share: entry.share,
      needed: entry.tokens_needed,
      unique: entry.tokens_unique,
      unique_low: entry.tokens_unique_low,
      unique_high: entry.tokens_unique_high,
      used: entry.epochs === null ? null : entry.epochs * entry.tokens_unique,
      epochs: entry.epochs,
      verdict: entry.verdict,
    }));
  return { domains: rows };
}

// ---- planning/curves/epochs.py ----

function epochRows(planCase) {
  const row = (each) => {
    const run = each.runOnSupply();
    return { flops: each.flops, epochs: run && run.tokens / each.pools.once };
  };
  const path = [];
  for (let step = -STEPS; step <= STEPS; step++) {
    path.push(row(planCase.with({ given: null, flops: planCase.flops * 10 ** (step / 10) })));
  }
  return { path, here: [row(planCase)] };
}

// ---- planning/curves/isoflop.py ----

function isoflopRows(planCase, plan) {
  if (!planCase.law.givesLoss) return null;
  const { params_low = null, params_high = null } = plan.interval ?? {};
  const wide = plan.interval !== null && (params_high === null || params_high > WIDE * params_low); // null: endless
  const best = [{ ...plan.optimal, data: "unlimited", params_low, params_high, uncertain: wide }];
  if (plan.constrained) {
    const { params, tokens, loss, params_low, params_high } = plan.constrained;
    best.push({ params, tokens, loss, data: "supply", params_low, params_high, uncertain: plan.far_beyond_data });
  }
  const sizes = best.map((row) => row.params);
  const start = Math.log(Math.min(...sizes) / BEYOND);
  const end = Math.log(Math.max(...sizes) * BEYOND);
  const grid = Array.from({ length: CELLS + 1 }, (_, cell) => Math.exp(start + ((end - start) * cell) / CELLS));
  const curve = [];
  for (const [data, law, most] of [
    ["unlimited", planCase.law, Infinity],
    ["supply", planCase.repeatedData, planCase.pools.most],
  ]) {
    for (const params of grid) {
      const tokens = planCase.flops / 6 / params;
      curve.push({ params, tokens, loss: tokens <= most ? law.loss(params, tokens) : null, data });
    }
  }
  return { curve, best };
}

// ---- planning/curves/loss.py ----

function lossRows(planCase, plan) {
  if (plan.loss === null) return null;
  const best = planCase.given ? null : plan.constrained;
  const { irreducible, model_term, data_term, total, on_supply } = best ? lossOf(planCase, best) : plan.loss;
  const terms = { irreducible, model_term, data_term, repeats: on_supply - total };
  const run = planCase.given ? "as given" : best ? "on supply" : "optimal";
  return { terms: Object.entries(terms).map(([term, nats]) => ({ term, nats, run })) };
}

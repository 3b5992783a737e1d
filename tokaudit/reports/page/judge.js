// The twin of tokaudit/planning/judge.py, explain.py, domain_plans.py and, in part, intervals.py: the fields of
// a plan that a setting changes, named as in its JSON.

const EPOCH_VERDICTS = [[1, "enough"], [4, "repeat"], [16, "strained"]];
const SAME_EPOCHS = 1e-5;

// ---- planning/resolve.py: a setting as the planner sees it ----

class Asked {
  constructor(whatIf, setting) {
    const total = sum(setting.domains.map((entry) => entry.share));
    const own = new Map(whatIf.limits.map((row) => [row.domain, row.max_epochs]));
    this.whatIf = whatIf;
    this.domains = setting.domains.map((entry) => ({
      ...entry,
      share: entry.share / total,
      mostEpochs: own.get(entry.domain) ?? setting.max_epochs ?? Infinity,
    }));
    for (const { domain, share, tokens_unique } of this.domains) {
      if (share && !(tokens_unique > 0)) throw new RangeError(`the supply has no unique tokens of ${domain}`);
    }
    // resolve.py, _limits
    const most = (entry) => own.get(entry.domain) ?? setting.max_epochs ?? whatIf.bounds.default_max_epochs;
    this.limits = this.domains.map((entry) => most(entry) * entry.tokens_unique);
    this.law = lawOf(whatIf.law);
    const given = setting.params && { params: setting.params, tokens: setting.flops / 6 / setting.params };
    this.case = new PlanCase({
      bounds: whatIf.bounds,
      law: this.law,
      flops: setting.flops,
      given: given || null,
      ...drawsOn(this.domains),
    });
  }

  // ResolvedPlan.case for another law, whose tokens of each domain are `factor` times this law's
  caseOf(voter) {
    const law = lawOf(voter);
    const factors = new Map(voter.factors.map((row) => [row.domain, row.factor]));
    const domains = this.domains.map((entry) => ({
      ...entry,
      tokens_unique: entry.tokens_unique * (factors.get(entry.domain) ?? 1),
    }));
    const own = this.case.given;
    const given = own && { params: asCounted(law, own.params, this.law), tokens: own.tokens };
    return this.case.with({ law, given, flops: given ? flopsOf(given) : this.case.flops, ...drawsOn(domains) });
  }

  // judge.py, constraints_at_bounds
  constraintAt(bound) {
    const unique = (entry) => entry[bound] ?? entry.tokens_unique;
    const domains = this.domains.map((entry) => ({ ...entry, tokens_unique: Math.max(unique(entry), 1) }));
    return this.case.with(drawsOn(domains)).verdict()[0];
  }
}

// ---- planning/judge.py and explain.py ----

function judged(asked) {
  const { whatIf, law } = asked;
  const planCase = asked.case;
  const optimum = law.optimum(planCase.flops);
  const run = planCase.given ?? optimum;
  const onSupply = planCase.runOnSupply();
  const suggestion = suggestMixture(planCase, asked.domains, asked.limits);
  const [constraint, cause] = planCase.verdict(suggestion && suggestion.case);
  const shares = planCase.shares();
  const pairs = whatIf.band.map((pair) => planCase.withStars(repetitionOf(pair)));
  const eachData = [shares.data, ...pairs.map((pair) => pair.shareData())].filter((share) => share !== null);
  const far = isFar(planCase, whatIf.bounds.many_epochs);
  const sensitivity = whatIf.voters.map((voter) => lawVerdict(voter.law, asked.caseOf(voter)));
  return {
    optimal: { ...optimum, loss: law.optimalLoss(planCase.flops) },
    interval: optimumInterval(whatIf.draws, planCase.flops),
    constrained: planCase.computeHelps() ? bestOnSupply(planCase, pairs) : null,
    loss: lossOf(planCase, run),
    tokens_side: planCase.tokensSide(),
    constraint,
    cause,
    constraint_low: asked.constraintAt("tokens_unique_low"),
    constraint_high: asked.constraintAt("tokens_unique_high"),
    far_beyond_data: far,
    compute_equivalent_share: shares.both,
    share_allocation: shares.allocation,
    share_data: shares.data,
    share_data_low: eachData.length ? Math.min(...eachData) : null,
    share_data_high: eachData.length ? Math.max(...eachData) : null,
    flips_at: far ? { flops: null, supply_factor: null } : flipsAt(planCase),
    agreement: agreement(whatIf, constraint, sensitivity, pairs),
    sensitivity,
    domains: domainPlans(asked.domains, run, onSupply, planCase.repetition.tokens),
    binding_domain: bindingDomain(asked.domains, (onSupply ?? optimum).tokens),
    ceiling: ceiling(planCase, far),
    mixture_suggested:
      suggestion && Object.fromEntries(asked.domains.map(({ domain }, at) => [domain, suggestion.shares[at]])),
  };
}

function isFar(planCase, manyEpochs) {
  const law = planCase.deciding.repeatedData;
  return law !== null && law.optimum(planCase.flops).tokens > manyEpochs * law.pools.once;
}

function lawVerdict(name, planCase) {
  return {
    law: name,
    ...planCase.law.optimum(planCase.flops),
    constraint: planCase.verdict()[0],
    compute_equivalent_share: planCase.shares().both,
  };
}

// LawAgreement of the laws that vote, and the same of the pairs of constants of repetition
function agreement(whatIf, constraint, sensitivity, pairs) {
  const others = sensitivity.map((verdict) => verdict.constraint);
  const votes = whatIf.law.votes || !others.length ? [constraint, ...others] : others;
  const byPair = pairs.map((pair) => pair.verdict()[0]);
  return {
    laws: votes.length,
    same_verdict: votes.filter((vote) => vote === constraint).length,
    pairs: byPair.length,
    pairs_same_verdict: byPair.filter((verdict) => verdict === constraint).length,
  };
}

function lossOf(planCase, { params, tokens }) {
  if (!planCase.law.givesLoss) return null;
  const terms = planCase.law.terms(params, tokens);
  const total = terms.irreducible + terms.model_term + terms.data_term;
  return { ...terms, total, on_supply: planCase.repeatedData && planCase.repeatedData.loss(params, tokens) };
}

// ---- planning/intervals.py: best_on_supply, over the pairs of constants alone ----

function bestOnSupply(planCase, pairs) {
  if (!planCase.repeatedData) return null;
  const { flops } = planCase;
  const free = planCase.law.optimalLoss(flops);
  const runs = [planCase, ...pairs].map((each) => each.repeatedData.optimum(flops));
  const losses = [planCase, ...pairs].map((each) => each.repeatedData.bestLoss(flops));
  const params = runs.map((run) => run.params);
  const [low, high] = [Math.min(...params), Math.max(...params)];
  return {
    ...runs[0],
    epochs: runs[0].tokens / planCase.pools.once,
    loss: losses[0],
    params_low: low,
    params_high: high,
    tokens_low: flops / 6 / high,
    tokens_high: flops / 6 / low,
    loss_low: Math.min(...losses) - free,
    loss_high: Math.max(...losses) - free,
  };
}

// ---- planning/intervals.py: optimum_interval ----

function optimumInterval(draws, flops) {
  if (draws === null) return null;
  const [start, end] = draws.flops;
  const place = Math.log(flops / start) / Math.log(end / start);
  // The parameters of each draw are a power of the budget; a draw whose constants make no law has none.
  const params = draws.params.map(([first, last]) => (first && last ? first * (last / first) ** place : null));
  const tokens = params.map((each) => each && flops / (6 * each));
  const [params_low, params_high] = middle(params, draws.level);
  const [tokens_low, tokens_high] = middle(tokens, draws.level);
  return { params_low, params_high, tokens_low, tokens_high, level: draws.level };
}

// Lowest and highest of the middle draws; those without a value count as beyond both ends. JSON has null for endless.
function middle(values, level) {
  const tail = (1 - level) / 2;
  const ordered = (missing) => Float64Array.from(values, (value) => value ?? missing).sort();
  const at = (part) => nearest(part * (values.length - 1));
  const high = ordered(Infinity)[at(1 - tail)];
  return [ordered(0)[at(tail)], Number.isFinite(high) ? high : null];
}

// The nearest whole number; of two, the even one, as numpy does.
function nearest(value) {
  const above = Math.round(value);
  return above - value === 0.5 && above % 2 ? above - 1 : above;
}

// ---- planning/domain_plans.py ----

function domainPlans(domains, run, onSupply, rStar) {
  return domains.map((entry) => {
    const { domain, share, tokens_unique, tokens_unique_low, tokens_unique_high, loose } = entry;
    const epochs = onSupply && (share ? (share * onSupply.tokens) / tokens_unique : 0);
    return {
      domain,
      share,
      tokens_needed: share * run.tokens,
      tokens_unique,
      tokens_unique_low,
      tokens_unique_high,
      loose,
      max_epochs: Number.isFinite(entry.mostEpochs) ? entry.mostEpochs : null,
      epochs,
      tokens_effective: onSupply && tokensEffective(onSupply.tokens, share, tokens_unique, rStar),
      verdict: domainVerdict(epochs ?? (share ? (share * run.tokens) / tokens_unique : 0)),
    };
  });
}

function domainVerdict(epochs) {
  return EPOCH_VERDICTS.find(([most]) => epochs <= most * (1 + SAME_EPOCHS))?.[1] ?? "exhausted";
}

// The domain that a run repeats most, the larger share in a tie; null if it repeats none.
function bindingDomain(domains, tokens) {
  const used = domains.filter((entry) => entry.share);
  const epochs = used.map((entry) => (entry.share * tokens) / entry.tokens_unique);
  const most = Math.max(0, ...epochs);
  if (most <= 1 + SAME_EPOCHS) return null;
  const tied = used.filter((_, at) => epochs[at] >= most * (1 - SAME_EPOCHS));
  return tied.reduce((found, entry) => (entry.share > found.share ? entry : found)).domain;
}

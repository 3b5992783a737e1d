// The twin of tokaudit/planning/case.py, mixture.py, suggest_mixture.py and turning_points.py.
// `bounds` are constants of the planner that the document brings.

const SHORT_OF_TOKENS = 2 / 3;
const SHORT_OF_PARAMS = 1 / 3;
const FRONTIER_FACTOR = 3;
const SAME = 1e-9;

// ---- planning/case.py ----

class PlanCase {
  #kept = new Map();

  // given: the run, with parameters as the law counts them, or null; loose: whether each pool decides nothing
  constructor({ bounds, law, flops, given, pools, loose, stars = null }) {
    Object.assign(this, { bounds, law, flops, given, pools, loose, stars });
  }

  with(changes) {
    return new PlanCase({ ...this, ...changes });
  }

  // Python's cached_property
  #once(name, make) {
    if (!this.#kept.has(name)) this.#kept.set(name, make());
    return this.#kept.get(name);
  }

  // There are endless tokens of what stands for a wider category.
  get deciding() {
    if (!this.loose.some(Boolean)) return this;
    return this.#once("deciding", () => {
      const pools = this.pools.each.map((pool, at) =>
        this.loose[at] ? { share: pool.share, unique: Infinity, mostEpochs: Infinity } : pool,
      );
      return this.with({ pools: new Pools(pools), loose: [] });
    });
  }

  get repetition() {
    return this.stars ?? this.law.repetition;
  }

  withStars(stars) {
    const { tokens, params } = this.repetition;
    if (stars.tokens === tokens && stars.params === params) return this;
    return this.#once(`${stars.tokens} ${stars.params}`, () => this.with({ stars }));
  }

  get repeatedData() {
    if (!this.pools.length || !this.law.givesLoss) return null;
    return this.#once("repeated", () => new RepeatedDataLaw(this.law, this.pools, this.repetition));
  }

  tokensSide() {
    if (!this.law.givesLoss) return null;
    return this.given ? this.law.tokensSide(this.given.params, this.given.tokens) : 0.5;
  }

  allocation() {
    const side = this.tokensSide();
    if (side !== null) return side > SHORT_OF_TOKENS ? "data" : side < SHORT_OF_PARAMS ? "model" : "compute";
    const factor = this.given ? this.given.tokens / this.law.optimum(this.flops).tokens : 1;
    return factor < 1 / FRONTIER_FACTOR ? "data" : factor > FRONTIER_FACTOR ? "model" : "compute";
  }

  // [constraint, cause]; better: the case with the suggested mixture, or null
  verdict(better = null) {
    const allocation = this.allocation();
    if (!this.given && !this.pools.length) return [null, null];
    if (!this.supplyFallsShort()) return [allocation, allocation === "compute" ? null : "allocation"];
    if (allocation === "data") return ["data", "both"];
    return ["data", better && this.#fixedBy(better) ? "mixture" : "supply"];
  }

  #fixedBy(better) {
    const now = this.deciding.shares().both;
    const then = better.deciding.shares().both;
    if (now === null || then === null || this.exceedsLimits()) return !better.supplyFallsShort();
    return now < this.bounds.share && this.bounds.share <= then;
  }

  supplyFallsShort() {
    const judged = this.deciding;
    if (judged.repeatedData && !judged.given) return judged.repeatedData.freeShare(judged.flops) < this.bounds.share;
    return judged.effectiveShare() < this.bounds.effective || judged.exceedsLimits();
  }

  exceedsLimits() {
    return this.given !== null && this.given.tokens > this.deciding.pools.most * (1 + SAME);
  }

  effectiveShare() {
    const { tokens } = this.given ?? this.law.optimum(this.flops);
    if (!this.pools.length) return 1;
    const seen = this.given ? tokens : Math.min(tokens, this.pools.most);
    return this.pools.effective(seen, this.repetition.tokens) / tokens;
  }

  shareAllocation() {
    if (!this.law.givesLoss) return null;
    if (!this.given) return 1;
    return ratio(this.law.flopsToReach(this.law.loss(this.given.params, this.given.tokens)), this.flops);
  }

  shareData() {
    const law = this.repeatedData;
    if (law === null) return null;
    if (!this.given) return law.freeShare(this.flops);
    const { params, tokens } = this.given;
    return ratio(this.law.flopsToReach(law.loss(params, tokens)), this.law.flopsToReach(this.law.loss(params, tokens)));
  }

  // ComputeShares without the band's
  shares() {
    const [allocation, data] = [this.shareAllocation(), this.shareData()];
    return { allocation, data, both: allocation === null || data === null ? null : allocation * data };
  }

  computeHelps() {
    const law = this.repeatedData;
    return law === null || law.bestLoss(this.flops) - law.bestLoss(2 * this.flops) >= this.bounds.still_helps;
  }

  runOnSupply() {
    if (this.given || !this.computeHelps()) return this.given;
    if (this.repeatedData) return this.repeatedData.optimum(this.flops);
    const best = this.law.optimum(this.flops);
    const most = this.pools.most;
    return best.tokens <= most ? best : { params: this.flops / 6 / most, tokens: most };
  }
}

function ratio(flops, base) {
  return flops === null || base === null ? null : Math.min(1, flops / base);
}

// ---- planning/mixture.py: project_shares ----

// The closest shares that repeat no domain beyond its limit, and whether such shares exist.
function projectShares(shares, most, tokens) {
  const limits = shares.map((share, at) => (share ? most[at] : 0));
  const total = sum(limits);
  if (total < tokens) return [total ? limits.map((limit) => limit / total) : shares, false];
  const factor = commonFactor(shares, limits, tokens);
  const projected = shares.map((share, at) => Math.min(limits[at] / tokens, factor * share));
  const whole = sum(projected);
  return [projected.map((share) => share / whole), true];
}

// The factor by which the shares of domains below their limits grow; domains reach these in order.
function commonFactor(shares, most, tokens) {
  const order = [...shares.keys()].filter((at) => shares[at]);
  order.sort((one, other) => most[one] / shares[one] - most[other] / shares[other] || one - other);
  const below = [0]; // shares of this domain and of those after it
  for (const at of [...order].reverse()) below.unshift(below[0] + shares[at]);
  let reached = 0;
  let factor = 0;
  for (const [place, at] of order.entries()) {
    factor = (1 - reached) / below[place];
    if (factor * shares[at] <= most[at] / tokens) break;
    reached += most[at] / tokens;
  }
  return factor;
}

// Python's math.fsum, to the last digits (Neumaier's sum)
function sum(numbers) {
  let total = 0;
  let lost = 0;
  for (const number of numbers) {
    const next = total + number;
    lost += Math.abs(total) >= Math.abs(number) ? total - next + number : number - next + total;
    total = next;
  }
  return total + lost;
}

// ---- planning/suggest_mixture.py ----

const ITERATIONS = 60;
const SETTLED = 1e-6;

// {shares, case}: shares of all domains and the case with them; null if the search does not settle.
// domains: {share, tokens_unique, loose, mostEpochs}, with limits: the most tokens of each
function suggestMixture(planCase, domains, limits) {
  if (!planCase.pools.length) return null;
  const asked = domains.map((entry) => entry.share);
  let { tokens } =
    planCase.with({ pools: planCase.pools.withoutLimits() }).runOnSupply() ?? planCase.law.optimum(planCase.flops);
  for (let round = 0; round < ITERATIONS; round++) {
    const [shares] = projectShares(asked, limits, tokens);
    const found = domains.map((entry, at) => ({ ...entry, share: shares[at] }));
    const limited = planCase.with(drawsOn(found));
    const changed = limited.with({ pools: limited.pools.withoutLimits() });
    const after = changed.repeatedData && !changed.given ? changed.repeatedData.optimum(changed.flops).tokens : tokens;
    if (Math.abs(after / tokens - 1) < SETTLED) return { shares, case: limited };
    tokens = after;
  }
  return null;
}

// planning/pools.py, PoolRules.pools and are_loose: {pools, loose} of the domains with a share
function drawsOn(domains) {
  const used = domains.filter((entry) => entry.share);
  return {
    pools: new Pools(
      used.map(({ share, tokens_unique, mostEpochs }) => ({ share, unique: tokens_unique, mostEpochs })),
    ),
    loose: used.map((entry) => entry.loose),
  };
}

// ---- planning/turning_points.py ----

const DECADES = 60;
const HAIR = 1e-9;

// flips_at: the budget and the factor on the supply at which the verdict changes
function flipsAt(planCase) {
  const nowhere = { flops: null, supply_factor: null };
  const judged = planCase.deciding;
  if (!Number.isFinite(judged.pools.once) || (judged.given && judged.allocation() === "data")) return nowhere;
  const once = Math.min(judged.pools.once, judged.pools.most);
  const enough = Math.log((judged.given ?? judged.law.optimum(judged.flops)).tokens / once) + HAIR;
  const factor = zeroFrom((log) => spare(judged.with({ pools: judged.pools.scaled(Math.exp(log)) })), enough, -1);
  const start = flopsOf(judged.law.optimumOfTokens(once));
  return {
    flops: judged.given ? null : flopsWhere((flops) => spare(judged.with({ flops })), start, planCase.bounds.flops),
    supply_factor: factor === null ? null : Math.exp(factor),
  };
}

// Above zero if the supply suffices.
function spare(changed) {
  const { share, effective } = changed.bounds;
  if (changed.repeatedData && !changed.given) return Math.log(changed.repeatedData.freeShare(changed.flops) / share);
  const left = changed.effectiveShare() - effective;
  if (!changed.given || !Number.isFinite(changed.pools.most)) return left;
  return Math.min(left, changed.pools.most / changed.given.tokens - 1);
}

// ceiling, without the budgets at which doubling still helps; far: is_far
function ceiling(planCase, far) {
  const endless = planCase.pools.withoutLimits();
  const once = endless.once;
  if (!Number.isFinite(once)) return null;
  const first = planCase.law.optimumOfTokens(once);
  const found = {
    flops_one_epoch: flopsOf(first),
    flops_four_epochs: null,
    params_one_epoch: first.params,
    params_four_epochs: null,
  };
  if (!planCase.law.givesLoss || far) return found;
  const law = new RepeatedDataLaw(planCase.law, endless, planCase.law.repetition);
  const beyond = (flops) => Math.log(law.optimum(flops).tokens / (4 * once));
  const four = flopsWhere(beyond, found.flops_one_epoch, planCase.bounds.flops);
  return { ...found, flops_four_epochs: four, params_four_epochs: four === null ? null : law.optimum(four).params };
}

function flopsOf({ params, tokens }) {
  return 6 * params * tokens;
}

// The budget above `start` at which the function is zero; null if it is outside the bounds.
function flopsWhere(fn, start, [low, high]) {
  if (!(start > 0)) return null;
  const log = zeroFrom((logFlops) => fn(Math.exp(logFlops)), Math.log(start), 1);
  return log !== null && low <= Math.exp(log) && Math.exp(log) <= high ? Math.exp(log) : null;
}

// A zero of a function of a logarithm, searched decade by decade.
function zeroFrom(fn, start, direction) {
  let here = start;
  const sign = fn(start);
  for (let decade = 0; decade < DECADES; decade++) {
    const there = here + direction * Math.log(10);
    if (fn(there) * sign <= 0) return root(fn, here, there);
    here = there;
  }
  return null;
}

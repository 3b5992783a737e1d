// The twin of tokaudit/laws/pools.py and repeated_data.py. A pool is {share, unique, mostEpochs}.

const MOST_CORNERS = 12;
const DIGITS = 12;
const NOTHING_LEFT = 40;

// ---- laws/pools.py ----

class Pools {
  constructor(each) {
    this.each = each;
    const lasts = each.map(({ share, unique }) => unique / share);
    this.once = Math.min(Infinity, ...lasts);
    this.most = Math.min(Infinity, ...each.map(({ mostEpochs }, at) => mostEpochs * lasts[at]));
    // Those that last equally long are one pool; those that last less long come first.
    const joined = new Map();
    for (const [at, { share, unique }] of each.entries()) {
      const key = rounded(lasts[at]);
      const pool = joined.get(key) ?? { share: 0, unique: 0 };
      joined.set(key, { share: pool.share + share, unique: pool.unique + unique });
    }
    const pools = [...joined].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, pool]) => pool);
    this.share = pools.map((pool) => pool.share);
    this.unique = pools.map((pool) => pool.unique);
    this.lasts = pools.map((pool) => pool.unique / pool.share);
    // Unique tokens of the first k pools, and the share of all but these.
    this.repeated = [0];
    this.fresh = [0];
    for (const pool of pools) this.repeated.push(this.repeated.at(-1) + pool.unique);
    for (const pool of [...pools].reverse()) this.fresh.unshift(this.fresh[0] + pool.share);
  }

  get length() {
    return this.each.length;
  }

  map(change) {
    return new Pools(this.each.map((pool) => ({ ...pool, ...change(pool) })));
  }

  scaled(factor) {
    return this.map(({ unique }) => ({ unique: unique * factor }));
  }

  withoutLimits() {
    return this.map(() => ({ mostEpochs: Infinity }));
  }

  // Tokens that use up a pool; of those with the largest shares.
  corners() {
    if (this.share.length === 1) return [];
    const largest = [...this.share.keys()].sort((one, other) => this.share[other] - this.share[one] || one - other);
    return largest.slice(0, MOST_CORNERS).map((at) => this.lasts[at]).filter(Number.isFinite);
  }

  // The tokens of a run that are seen for the first time.
  usable(tokens) {
    const repeated = bisectLeft(this.lasts, tokens);
    return this.repeated[repeated] + this.fresh[repeated] * tokens;
  }

  // Effective tokens of a run, at most `tokens`.
  effective(tokens, rStar) {
    const repeated = bisectLeft(this.lasts, tokens);
    const fresh = this.fresh[repeated] * tokens;
    if (rStar === Infinity) return fresh + (this.fresh[0] - this.fresh[repeated]) * tokens;
    // Before this place, repeats have long stopped helping.
    const full = bisectLeft(this.lasts, tokens / (1 + NOTHING_LEFT * rStar));
    let counted = -this.repeated[full];
    for (let at = full; at < repeated; at++) {
      counted += this.unique[at] * Math.expm1((1 - tokens / this.lasts[at]) / rStar);
    }
    return fresh + this.repeated[repeated] - rStar * counted;
  }
}

function rounded(lasts) {
  if (!Number.isFinite(lasts)) return lasts;
  const digits = 10 ** (DIGITS - 1 - Math.floor(Math.log10(lasts)));
  return Math.round(lasts * digits) / digits;
}

// Python's bisect.bisect_left
function bisectLeft(sorted, value) {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// What repeats count for, in first uses.
function saturating(repeats, rStar) {
  return rStar === Infinity ? repeats : -rStar * Math.expm1(-repeats / rStar);
}

// Effective tokens of one domain in a run of `tokens`.
function tokensEffective(tokens, share, unique, rStar) {
  const seen = share * tokens;
  return seen <= unique ? seen : unique * (1 + saturating(seen / unique - 1, rStar));
}

// ---- laws/repeated_data.py ----

const WIDEST = Math.log(1e8);

class RepeatedDataLaw {
  #known = new Map();

  constructor(law, pools, repetition) {
    Object.assign(this, { law, pools, repetition });
  }

  paramsEffective(params) {
    const wanted = this.law.optimumOfParams(params).tokens;
    const usable = this.pools.usable(wanted);
    if (usable >= wanted * (1 - 1e-12)) return params;
    const matched = this.law.optimumOfTokens(usable).params;
    return matched * (1 + saturating(params / matched - 1, this.repetition.params));
  }

  loss(params, tokens) {
    return this.law.loss(this.paramsEffective(params), this.pools.effective(tokens, this.repetition.tokens));
  }

  // The best run for a budget within the epochs allowed.
  optimum(flops) {
    if (!this.#known.has(flops)) this.#known.set(flops, this.#search(flops));
    return this.#known.get(flops);
  }

  #search(flops) {
    const free = this.law.optimum(flops);
    if (free.tokens <= Math.min(this.pools.once, this.pools.most)) return free;
    const product = flops / 6;
    const least = Math.log(product) - Math.log(this.pools.most);
    const loss = (logParams) => {
      const params = Math.exp(logParams);
      return this.loss(params, product / params);
    };
    const centre = Math.log(free.params);
    let best = minimum(loss, Math.max(centre - WIDEST, least), Math.max(centre, least) + WIDEST);
    for (const tokens of this.pools.corners()) {
      const corner = Math.log(this.law.optimumOfTokens(tokens).params);
      if (corner > least && loss(corner) < loss(best)) best = corner;
    }
    const params = Math.exp(best);
    return { params, tokens: product / params };
  }

  bestLoss(flops) {
    const { params, tokens } = this.optimum(flops);
    return this.loss(params, tokens);
  }

  // The smallest budget that reaches the same loss with unlimited data, as a share of `flops`.
  freeShare(flops) {
    if (this.law.optimum(flops).tokens <= Math.min(this.pools.once, this.pools.most)) return 1;
    return Math.min(1, (this.law.flopsToReach(this.bestLoss(flops)) || flops) / flops);
  }
}

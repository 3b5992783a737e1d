// The twin of tokaudit/laws/parametric.py, frontier.py, kaplan.py, embedding_params.py and search.py, in the same order
// of operations, because a search stops at another place if its function differs in a last digit.
// N and D are params and tokens, C = 6ND FLOPs, and the loss is in nats per token. A run is {params, tokens}.

// ---- laws/parametric.py: L(N, D) = E + A/N^alpha + B/D^beta ----

class Parametric {
  givesLoss = true;

  constructor({ A, B, E, alpha, beta }) {
    Object.assign(this, { A, B, E, alpha, beta });
    this.g = ((alpha * A) / (beta * B)) ** (1 / (alpha + beta)); // Form._g
  }

  terms(params, tokens) {
    return {
      irreducible: this.E,
      model_term: this.A * params ** -this.alpha,
      data_term: this.B * tokens ** -this.beta,
    };
  }

  loss(params, tokens) {
    return this.E + this.A * params ** -this.alpha + this.B * tokens ** -this.beta;
  }

  // Form.elasticities, as the tokens side of PlanCase.tokens_side
  tokensSide(params, tokens) {
    const { model_term, data_term } = this.terms(params, tokens);
    return (this.beta * data_term) / (this.beta * data_term + this.alpha * model_term);
  }

  optimum(flops) {
    const product = flops / 6;
    const params = this.g * product ** (this.beta / (this.alpha + this.beta));
    return { params, tokens: product / params };
  }

  optimalLoss(flops) {
    const { params, tokens } = this.optimum(flops);
    return this.loss(params, tokens);
  }

  optimumOfParams(params) {
    return { params, tokens: (params / this.g) ** (this.alpha / this.beta) / this.g };
  }

  optimumOfTokens(tokens) {
    return { params: this.g * (this.g * tokens) ** (this.beta / this.alpha), tokens };
  }

  flopsToReach(loss) {
    if (loss <= this.E) return null;
    const scale = this.A * this.g ** -this.alpha + this.B * this.g ** this.beta;
    return 6 * (scale / (loss - this.E)) ** ((this.alpha + this.beta) / (this.alpha * this.beta));
  }
}

// ---- laws/frontier.py and, if it has C_c, laws/kaplan.py: k (C / unit)^exponent ----

class Frontier {
  givesLoss = false;

  constructor({ gives, k, exponent, unit, C_c, alpha_C }) {
    Object.assign(this, { gives, k, exponent, unit, C_c, alpha_C });
  }

  run(given, other) {
    return this.gives === "params" ? { params: given, tokens: other } : { params: other, tokens: given };
  }

  optimum(flops) {
    const given = this.k * (flops / this.unit) ** this.exponent;
    return this.run(given, flops / (6 * given));
  }

  // Kaplan.optimal_loss; null for other frontiers
  optimalLoss(flops) {
    return this.C_c === undefined ? null : ((this.C_c * this.unit) / flops) ** this.alpha_C;
  }

  // Frontier._run_of_given and _run_of_other
  optimumOfTokens(tokens) {
    if (this.gives === "tokens") {
      return this.run(tokens, (this.unit * (tokens / this.k) ** (1 / this.exponent)) / (6 * tokens));
    }
    const units = ((6 * this.k * tokens) / this.unit) ** (1 / (1 - this.exponent));
    return this.run(this.k * units ** this.exponent, tokens);
  }
}

// The law of a row of the document, with what reports/page/what_if.py says about it.
function lawOf(row) {
  const law = row.form === "parametric" ? new Parametric(row.constants) : new Frontier(row.constants);
  law.repetition = repetitionOf(row.repetition); // planning/case.py, repetition_of
  law.nonEmbedding = row.params_counted === "non-embedding";
  return law;
}

// Constants of repetition; JSON has null for an endless one.
function repetitionOf({ tokens, params }) {
  return { tokens: tokens ?? Infinity, params: params ?? Infinity };
}

// ---- laws/embedding_params.py ----

const OMEGA = 47491;

function paramsTotal(nonEmbedding) {
  return nonEmbedding + OMEGA * Math.cbrt(nonEmbedding);
}

function paramsNonEmbedding(total) {
  const third = Math.sqrt(OMEGA / 3);
  return (2 * third * Math.sinh(Math.asinh(total / (2 * third ** 3)) / 3)) ** 3;
}

// as_counted: parameters that one law counts, as another law counts them
function asCounted(law, params, countedBy) {
  if (law.nonEmbedding === countedBy.nonEmbedding) return params;
  return law.nonEmbedding ? paramsNonEmbedding(params) : paramsTotal(params);
}

// ---- laws/search.py ----

const GOLDEN = (Math.sqrt(5) - 1) / 2;

// A zero of the function between two places where its signs differ (Illinois method).
function root(fn, low, high, tolerance = 1e-10) {
  let atLow = fn(low);
  let atHigh = fn(high);
  while (Math.abs(high - low) > tolerance && atHigh !== 0) {
    const middle = high - (atHigh * (high - low)) / (atHigh - atLow);
    const atMiddle = fn(middle);
    if (atMiddle * atHigh < 0) {
      [low, atLow] = [high, atHigh];
    } else {
      atLow /= 2;
    }
    if (middle === high) break;
    [high, atHigh] = [middle, atMiddle];
  }
  return high;
}

// The place of the least value: the best of a grid, then golden-section search in the two cells next to it.
function minimum(fn, low, high, cells = 48) {
  const step = (high - low) / cells;
  let best = 0;
  let least = Infinity;
  for (let index = 0; index <= cells; index++) {
    const value = fn(low + index * step);
    if (value < least) [best, least] = [index, value];
  }
  let left = low + Math.max(best - 1, 0) * step;
  let right = low + Math.min(best + 1, cells) * step;
  let inner = right - GOLDEN * (right - left);
  let outer = left + GOLDEN * (right - left);
  let atInner = fn(inner);
  let atOuter = fn(outer);
  while (right - left > 1e-8) {
    if (atInner <= atOuter) {
      [right, outer, atOuter] = [outer, inner, atInner];
      inner = right - GOLDEN * (right - left);
      atInner = fn(inner);
    } else {
      [left, inner, atInner] = [inner, outer, atOuter];
      outer = left + GOLDEN * (right - left);
      atOuter = fn(outer);
    }
  }
  return (left + right) / 2;
}

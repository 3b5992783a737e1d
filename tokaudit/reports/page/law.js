// What the page calls: tokauditLaw.of(whatIf) gives two pure functions of a setting. whatIf is the document of
// what_if.py.
//
// A setting is {flops, params, max_epochs, domains: [{domain, share, tokens_unique, tokens_unique_low,
// tokens_unique_high, loose}]}. params are as the law counts them, or null for the best run; max_epochs and the bounds
// may be null. Shares are taken relative to their sum. A domain with a share must have unique tokens; if one has none,
// a RangeError names it.

function of(whatIf) {
  return {
    // The fields of a plan that a setting changes, named as in its JSON.
    judge: (setting) => judged(new Asked(whatIf, setting)),
    // Figure -> dataset -> rows, as in planning/curves/; null for a figure that the law does not have.
    curves: (setting) => curvesOf(new Asked(whatIf, setting)),
  };
}

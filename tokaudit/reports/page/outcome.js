"use strict";
// The outcome of a what-if in words and numbers, as careful as those of a plan: the twin of tokaudit/reports/
// plan_verdict.py, plan_domains.py and plan_steps.py, where a what-if knows as much.

const tokauditOutcome = (() => {
  const { count, percent, power } = tokauditNumbers;
  const SUBJECTS = { data: "data", model: "model size", compute: "compute" };
  const SAME_EPOCHS = 1e-5;
  const MANY_EPOCHS = 16;
  const WIDE = 10; // a range of sizes that spans more than this factor is no advice
  const LONGEST = 22;

  // ---- domains: plan_domains.py ----

  function short(name) {
    const letters = [...name];
    return letters.length > LONGEST ? `${letters.slice(0, LONGEST).join("")}…` : name;
  }

  const used = (found) => found.domains.filter((entry) => entry.share);

  function epochsOf(entry) {
    return entry.epochs ?? (entry.tokens_unique ? entry.tokens_needed / entry.tokens_unique : 0);
  }

  const byEpochs = (entries) => entries.sort((one, other) => epochsOf(other) - epochsOf(one));

  function repeated(found) {
    return byEpochs(used(found).filter((entry) => epochsOf(entry) > 1 + SAME_EPOCHS));
  }

  function usedUp(found) {
    const isUsedUp = (entry) =>
      ["strained", "exhausted"].includes(entry.verdict) || epochsOf(entry) > (entry.max_epochs ?? Infinity) * (1 + SAME_EPOCHS);
    return byEpochs(used(found).filter((entry) => !entry.loose && isUsedUp(entry)));
  }

  /** How often a run uses a domain; beyond many epochs, sources disagree about the best run, so no number is given. */
  function epochs(entry, setting) {
    const often = epochsOf(entry);
    return !setting.params && often > MANY_EPOCHS * (1 + SAME_EPOCHS) ? `more than ${MANY_EPOCHS}` : count(often);
  }

  function inDomains(found, setting) {
    const strained = usedUp(found);
    const scarce = strained.length ? strained : repeated(found).filter((entry) => !entry.loose);
    if (!scarce.length || found.cause === "allocation") return "";
    const named = (entry, name) => `${name} (${epochs(entry, setting)} epochs)`;
    const last = scarce[scarce.length - 1];
    const isAll = scarce.length > 1 && scarce.length === used(found).length;
    if (isAll && epochsOf(last) > 0.999 * epochsOf(scarce[0])) return ` in ${named(scarce[0], "every domain")}`;
    const names = scarce.slice(0, 2).map((entry) => named(entry, short(entry.domain)));
    if (scarce.length > 2) names.push(`${scarce.length - 2} more`);
    return ` in ${names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]}`;
  }

  // ---- the verdict: plan_verdict.py ----

  function limit(found, setting) {
    const [params, tokens] = [count(setting.params), count(setting.params && setting.flops / 6 / setting.params)];
    if (found.constraint === "model") {
      return `model size is the constraint, unless the run is small on purpose: ${params} parameters are too few for ${tokens} tokens`;
    }
    if (found.constraint === "compute") {
      if (setting.params) return `compute is the constraint: ${params} parameters and ${tokens} tokens are in balance`;
      const often = used(found).some((entry) => epochsOf(entry) > MANY_EPOCHS);
      return `compute is the constraint${often ? "" : ", not data"}`;
    }
    const few = `${tokens} tokens are too few for ${params} parameters`;
    const why = {
      allocation: `: ${few}`,
      both: `: ${few}, and the supply is too small`,
      mixture: ": another mixture of the same supply would be enough",
    };
    return `data is the constraint${inDomains(found, setting)}${why[found.cause] ?? ""}`;
  }

  function verdict(found, setting) {
    return found.constraint ? `By the plan's law, ${limit(found, setting)}.` : "No verdict.";
  }

  /** What speaks against a verdict, as far as it is computed. */
  function cautions(found, setting) {
    const said = ["How certain this is has not been computed."];
    const { agreement } = found;
    const others = agreement.laws - agreement.same_verdict;
    if (others) said.push(`${others} of ${agreement.laws} laws say otherwise.`);
    if (agreement.pairs_same_verdict < agreement.pairs) said.push("Other published constants of repetition say otherwise.");
    for (const [bound, constraint] of [["low", found.constraint_low], ["high", found.constraint_high]]) {
      if (constraint && constraint !== found.constraint) {
        said.push(`With the supply at its ${bound} bounds, ${SUBJECTS[constraint]} would be the constraint.`);
      }
    }
    if (noneAdvised(found) && !setting.params) said.push("More compute no longer helps.");
    if (found.far_beyond_data && !setting.params) {
      said.push(`Beyond ${MANY_EPOCHS} epochs, sources disagree about the best run; its range is without the draws of the law.`);
    }
    return said.join(" ");
  }

  // ---- numbers: plan_steps.py ----

  const noneAdvised = (found) => found.loss && !found.constrained;
  const range = (low, high) => (high === null ? `from ${count(low)}` : `${count(low)} to ${count(high)}`);

  /** The parameters or tokens of the run: a range where a point would say more than is known. */
  function size(name, found, setting) {
    if (setting.params) return count(name === "params" ? setting.params : setting.flops / 6 / setting.params);
    if (noneAdvised(found)) return "none advised";
    const [low, high] = [`${name}_low`, `${name}_high`];
    if (found.far_beyond_data && found.constrained) return range(found.constrained[low], found.constrained[high]);
    const { interval } = found;
    if (interval && !(interval.params_high !== null && interval.params_high <= WIDE * interval.params_low)) {
      return range(interval[low], interval[high]);
    }
    return count((found.constrained ?? found.optimal)[name]);
  }

  function mostEpochs(found, setting) {
    const [most] = repeated(found);
    return most ? epochs(most, setting).replace("more than", ">") : "no repeats";
  }

  function dataThere(found) {
    const factor = found.flips_at.supply_factor;
    if (!factor) return "-";
    return factor > 1 ? percent(1 / factor) : `${count(1 / factor)} times`;
  }

  const loss = (found) => found.constrained?.loss ?? found.loss?.on_supply ?? found.loss?.total;

  const ROWS = [
    ["Constraint", (found) => SUBJECTS[found.constraint] ?? "-"],
    ["FLOPs", (_, setting) => power(setting.flops)],
    ["Parameters", (found, setting) => size("params", found, setting)],
    ["Tokens", (found, setting) => size("tokens", found, setting)],
    ["Most epochs", mostEpochs],
    ["Compute that counts", (found) => percent(found.compute_equivalent_share)],
    ["Data of what it needs", dataThere],
    ["Loss in nats", (found, setting) => (setting.params ? found.loss?.on_supply ?? found.loss?.total : loss(found))?.toFixed(4) ?? "-"],
    ["Laws that agree", (found) => `${found.agreement.same_verdict} of ${found.agreement.laws}`],
  ];

  /** The numbers to decide by: [name, words]. */
  const numbers = (found, setting) => ROWS.map(([name, words]) => [name, words(found, setting)]);

  /** The parameters of the best run, in few words. */
  function bestSize(found) {
    const words = size("params", found, {});
    return /^[\d.]+[A-Z]?$/.test(words) ? `best: ${words}` : words;
  }

  return { verdict, cautions, numbers, bestSize };
})();

"use strict";
// The form "What if?": reads numbers as people write them, plans anew, and shows the outcome next to the plan.

(() => {
  const { data, show, drawn } = tokauditPage;
  const { parseCount, parseShare, power, count } = tokauditNumbers;
  const { verdict, cautions, numbers, bestSize } = tokauditOutcome;
  const law = tokauditLaw.of(data.what_if);
  const PLAN = data.what_if.setting;
  const form = document.querySelector("[data-form]");
  const find = (name) => document.querySelector(`[data-${name}]`);
  const all = (name) => document.querySelectorAll(`[data-${name}]`);

  const [LEAST_FLOPS, MOST_FLOPS] = data.what_if.bounds.flops;
  const PAUSE = 700; // ms without a change before the outcome, or a mistake, is read out

  let setting = PLAN; // settings are never changed in place

  // ---- the fields: how each is read from the setting, written, typed, and put on its slider ----

  const log = (value) => Math.log10(value);
  const ENDLESS = 2; // the end of the slider of epochs, which stands for no limit
  const best = () => runOn(outcome).params;
  const PLANNED = law.judge(PLAN);
  Object.assign(PLANNED.constrained ?? {}, data.what_if.planned_range); // with the draws of the law
  const PLANNED_VERDICT = document.getElementById("headline").textContent;
  let outcome = PLANNED;
  const runOn = (found) => found.constrained ?? found.optimal;

  const FIELDS = {
    flops: {
      get: () => setting.flops,
      set: (flops) => ({ ...setting, flops }),
      parse: (text) => parseFlops(text),
      text: power,
      range: () => [log(PLAN.flops) - 3, log(PLAN.flops) + 3],
      onSlider: log,
      fromSlider: (place) => 10 ** place,
    },
    params: {
      get: () => setting.params,
      set: (params) => ({ ...setting, params }),
      parse: (text) => (text.trim() ? parseCount(text, "70B") : null),
      text: (value) => (value === null ? "" : count(value)),
      range: () => [log(runOn(PLANNED).params) - 2, log(runOn(PLANNED).params) + 2],
      onSlider: (value) => log(value ?? best()),
      fromSlider: (place) => 10 ** place,
    },
    max_epochs: {
      get: () => setting.max_epochs,
      set: (max_epochs) => ({ ...setting, max_epochs }),
      parse: (text) => (text.trim() ? parseCount(text, "4") : null),
      text: (value) => (value === null ? "" : count(value)),
      range: () => [0, ENDLESS],
      onSlider: (value) => (value === null ? ENDLESS : log(value)),
      fromSlider: (place) => (place >= ENDLESS - 0.01 ? null : 10 ** place),
    },
    share: {
      get: (at) => setting.domains[at].share,
      set: withShare,
      parse: parseShare,
      text: (value) => `${Number((100 * value).toPrecision(3))}%`,
      range: () => [0, 1],
      onSlider: (value) => value,
      fromSlider: (place) => place,
    },
    unique: {
      get: (at) => setting.domains[at].tokens_unique,
      set: withUnique,
      parse: (text) => parseCount(text, "2T"),
      text: count,
      range: (at) => {
        const middle = PLAN.domains[at].tokens_unique > 0 ? log(PLAN.domains[at].tokens_unique) : 9;
        return [middle - 2, middle + 2];
      },
      onSlider: log,
      fromSlider: (place) => 10 ** place,
    },
  };

  function parseFlops(text) {
    const flops = parseCount(text, "1e24");
    if (flops >= LEAST_FLOPS && flops <= MOST_FLOPS) return flops;
    throw new RangeError(`write ${power(LEAST_FLOPS)} to ${power(MOST_FLOPS)} FLOPs; no training run has ${power(flops)}`);
  }

  /** The setting with another share of a domain; the others share the rest as before, or as in the plan if they had nothing. */
  function withShare(share, at) {
    const others = (of) => of.reduce((sum, entry, place) => sum + (place === at ? 0 : entry.share), 0);
    const from = others(setting.domains) > 0 ? setting.domains : PLAN.domains;
    const before = others(from);
    if (before === 0 && share < 1) throw new RangeError("no other domain has a share, so this one has all");
    const domains = setting.domains.map((entry, place) => ({
      ...entry,
      share: place === at ? share : before ? (from[place].share / before) * (1 - share) : 0,
    }));
    return { ...setting, domains };
  }

  /** The setting with other unique tokens of a domain, and its bounds with them. */
  function withUnique(tokens, at) {
    const planned = PLAN.domains[at];
    const scaled = (bound) => (bound === null || !planned.tokens_unique ? null : (bound / planned.tokens_unique) * tokens);
    const domains = setting.domains.map((entry, place) =>
      place !== at
        ? entry
        : {
            ...entry,
            tokens_unique: tokens,
            tokens_unique_low: scaled(planned.tokens_unique_low),
            tokens_unique_high: scaled(planned.tokens_unique_high),
          },
    );
    return { ...setting, domains };
  }

  const placeOf = (input) => (input.dataset.domain === undefined ? undefined : Number(input.dataset.domain));

  /** Writes the setting into all fields and sliders but the one that is being used. */
  function fill(used) {
    for (const input of all("field")) {
      if (input === used) continue;
      const field = FIELDS[input.dataset.field];
      input.value = field.text(field.get(placeOf(input)));
      if (input.dataset.field === "params") input.placeholder = bestSize(outcome);
      if (input.dataset.field === "max_epochs") input.placeholder = "no limit";
    }
    for (const slider of all("slider")) {
      const field = FIELDS[slider.dataset.slider];
      const at = placeOf(slider);
      const value = field.get(at);
      slider.setAttribute("aria-valuetext", field.text(value) || (slider.dataset.slider === "params" ? "best" : "no limit"));
      if (slider === used) continue;
      [slider.min, slider.max] = field.range(at);
      slider.value = value === 0 && slider.dataset.slider !== "share" ? slider.min : field.onSlider(value);
    }
  }

  // ---- the outcome ----

  function write(changed) {
    const said = changed ? verdict(outcome, setting) : PLANNED_VERDICT;
    find("outcome").classList.toggle("changed", changed);
    find("outcome-kicker").textContent = changed ? "If it were so, not as planned:" : "As planned:";
    find("outcome-verdict").textContent = said;
    find("outcome-cautions").textContent = changed ? cautions(outcome, setting) : "";
    const planned = numbers(PLANNED, PLAN);
    find("outcome-rows").replaceChildren(...numbers(outcome, setting).map(([name, after], at) => row(name, planned[at][1], after)));
    find("bar").hidden = !changed;
    find("bar-verdict").textContent = said;
  }

  function row(name, before, after) {
    const made = document.createElement("tr");
    for (const [tag, text] of [["th", name], ["td", before], ["td", after]]) {
      const cell = document.createElement(tag);
      cell.textContent = text;
      if (tag === "th") cell.scope = "row";
      made.append(cell);
    }
    if (before !== after) made.className = "changed";
    return made;
  }

  /** Lets screen readers read the outcome, once it no longer changes. */
  let reading = 0;
  function readOut() {
    clearTimeout(reading);
    reading = setTimeout(() => {
      find("outcome-read").textContent = find("outcome-verdict").textContent;
      reading = setTimeout(() => (find("outcome-read").textContent = ""), PAUSE); // so that it is not read twice
    }, PAUSE);
  }

  // ---- what is shown: the what-if, or the plan ----

  const isPlan = () => JSON.stringify(setting) === JSON.stringify(PLAN);

  function showSetting(used) {
    const changed = !isPlan();
    fill(used);
    showCharts(changed);
    write(changed);
    for (const note of all("what-if-note")) note.hidden = !changed;
    allowReset();
    document.documentElement.dataset.shows = changed ? "what-if" : "plan";
  }

  function showCharts(changed) {
    const curves = law.curves(changed ? setting : PLAN);
    if (!changed) {
      for (const datasets of Object.values(curves)) {
        for (const name of Object.keys(datasets ?? {})) datasets[name] = null; // as the planner found them
      }
    }
    show(curves);
  }

  // ---- mistakes: a text that is no number stays in its field, and nothing else changes ----

  let mistaken = null;
  let saying = 0;

  function reject(input, message) {
    accept();
    mistaken = input;
    input.setAttribute("aria-invalid", "true");
    saying = setTimeout(() => say(message), PAUSE); // who still types is not interrupted
    allowReset();
  }

  function say(message) {
    const place = find("message");
    mistaken.closest(".control").append(place);
    place.textContent = message;
    mistaken.setAttribute("aria-errormessage", place.id);
  }

  function accept() {
    clearTimeout(saying);
    find("message").textContent = "";
    form.append(find("message"));
    mistaken?.removeAttribute("aria-invalid");
    mistaken?.removeAttribute("aria-errormessage");
    mistaken = null;
  }

  function allowReset() {
    for (const button of all("reset")) button.disabled = isPlan() && !mistaken;
  }

  // ---- changes ----

  let waiting = null;
  function soon(used) {
    waiting ??= requestAnimationFrame(() => {
      waiting = null;
      showSetting(used);
      readOut();
    });
  }

  function change(input) {
    const isSlider = input.matches("[data-slider]");
    const field = FIELDS[isSlider ? input.dataset.slider : input.dataset.field];
    const rounded = (value) => (value === null ? null : Number(value.toPrecision(3)));
    try {
      const value = isSlider ? rounded(field.fromSlider(Number(input.value))) : field.parse(input.value);
      const changed = field.set(value, placeOf(input));
      outcome = law.judge(changed);
      setting = changed;
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      reject(input, error.message);
      return;
    }
    accept();
    soon(input);
  }

  function reset() {
    setting = PLAN;
    outcome = PLANNED;
    accept();
    showSetting(null);
    readOut();
  }

  form.addEventListener("input", (event) => change(event.target));
  form.addEventListener("change", () => fill(mistaken)); // in one form once a field is left
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of all("reset")) button.addEventListener("click", reset);
  // Paper shows the plan; a what-if is back afterwards.
  addEventListener("beforeprint", () => showCharts(false));
  addEventListener("afterprint", () => showCharts(!isPlan()));

  if (matchMedia("(max-width: 62rem)").matches) form.closest("details").open = false; // the figures come soon
  fill(null);
  write(false);
  drawn.then(() => {
    if (!isPlan()) showCharts(true); // it was changed before there were charts
    document.documentElement.dataset.shows = isPlan() ? "plan" : "what-if";
  });
})();

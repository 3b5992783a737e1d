"use strict";
// The form "What if?": reads numbers as people write them, plans anew, and shows the outcome next to the plan.

(() => {
  const { data, show, drawn } = tokauditPage;
  const law = tokauditLaw.of(data.what_if);
  const PLAN = data.what_if.setting;
  const form = document.querySelector("[data-form]");
  const find = (name) => document.querySelector(`[data-${name}]`);
  const all = (name) => document.querySelectorAll(`[data-${name}]`);

  let setting = structuredClone(PLAN);

  // ---- numbers as people write them: core/units.py ----

  const UNITS = { "": 1, K: 1e3, M: 1e6, B: 1e9, G: 1e9, T: 1e12, P: 1e15 };
  const NUMBER = /^\s*((?:[1-9]\d{0,2}(?:,\d{3})+|\d+(?:_\d+)*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*([A-Za-z%]*)\s*$/;

  function parse(text, example) {
    const match = NUMBER.exec(text);
    if (!match) throw new RangeError(`“${text}” is not a number; write ${example}`);
    return [Number(match[1].replace(/[,_]/g, "")), match[2]];
  }

  function parseCount(text, example = "70B, 1.4T or 1e24") {
    const [value, unit] = parse(text, example);
    const factor = UNITS[unit.toUpperCase()];
    if (factor === undefined) throw new RangeError(`“${unit}” is not a unit; write ${example}`);
    if (!(value * factor > 0 && value * factor < Infinity)) throw new RangeError(`“${text}” must be more than 0`);
    return value * factor;
  }

  function parseShare(text) {
    const [value, unit] = parse(text, "40% or 0.4");
    const share = unit === "%" ? value / 100 : value;
    if (!["", "%"].includes(unit) || !(share >= 0 && share <= 1)) {
      throw new RangeError(`“${text}” is not a share from 0 to 1; write 40% or 0.4`);
    }
    return share;
  }

  const power = (value) => String(Number(value.toPrecision(3))).includes("e") || Math.abs(value) >= 1000
    ? Number(value.toPrecision(3)).toExponential().replace("e+", "e")
    : String(Number(value.toPrecision(3)));

  function count(value) {
    if (value === null || value === undefined) return "-";
    if (Math.abs(value) >= 1e18) return power(value);
    for (const [unit, factor] of [["P", 1e15], ["T", 1e12], ["B", 1e9], ["M", 1e6], ["K", 1e3]]) {
      if (Math.abs(value) >= factor * 0.9995) return `${(value / factor).toPrecision(3).replace(/e\+?(\d+)/, "e$1")}${unit}`;
    }
    return power(value);
  }

  function percent(share) {
    if (share === null || share === undefined) return "-";
    const value = 100 * share;
    if (value > 0 && value < 0.01) return "<0.01 %";
    return `${value >= 10 && value < 99.5 ? Math.round(value) : Number(value.toPrecision(3))} %`;
  }

  // ---- the fields: how each is read from the setting, written, typed, and put on its slider ----

  const log = (value) => Math.log10(value);
  const ENDLESS = 2; // the end of the slider of epochs, which stands for no limit
  const best = () => runOn(outcome).params;
  const PLANNED = law.judge(PLAN);
  let outcome = PLANNED;
  const runOn = (found) => found.constrained ?? found.optimal;

  const FIELDS = {
    flops: {
      get: () => setting.flops,
      set: (value) => (setting.flops = value),
      parse: (text) => parseCount(text, "1e24"),
      text: power,
      range: () => [log(PLAN.flops) - 3, log(PLAN.flops) + 3],
      onSlider: log,
      fromSlider: (place) => 10 ** place,
    },
    params: {
      get: () => setting.params,
      set: (value) => (setting.params = value),
      parse: (text) => (text.trim() ? parseCount(text, "70B") : null),
      text: (value) => (value === null ? "" : count(value)),
      range: () => [log(runOn(PLANNED).params) - 2, log(runOn(PLANNED).params) + 2],
      onSlider: (value) => log(value ?? best()),
      fromSlider: (place) => 10 ** place,
    },
    max_epochs: {
      get: () => setting.max_epochs,
      set: (value) => (setting.max_epochs = value),
      parse: (text) => (text.trim() ? parseCount(text, "4") : null),
      text: (value) => (value === null ? "" : count(value)),
      range: () => [0, ENDLESS],
      onSlider: (value) => (value === null ? ENDLESS : log(value)),
      fromSlider: (place) => (place >= ENDLESS - 0.01 ? null : 10 ** place),
    },
    share: {
      get: (at) => setting.domains[at].share,
      set: setShare,
      parse: parseShare,
      text: (value) => `${Number((100 * value).toPrecision(3))}%`,
      range: () => [0, 1],
      onSlider: (value) => value,
      fromSlider: (place) => place,
    },
    unique: {
      get: (at) => setting.domains[at].tokens_unique,
      set: setUnique,
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

  /** Changes the share of a domain; the others share the rest as before, or as in the plan if they had nothing. */
  function setShare(share, at) {
    const others = (of) => of.reduce((sum, entry, place) => sum + (place === at ? 0 : entry.share), 0);
    const from = others(setting.domains) > 0 ? setting.domains : PLAN.domains;
    const before = others(from);
    if (before === 0 && share < 1) throw new RangeError("no other domain has a share, so this one has all");
    setting.domains = setting.domains.map((entry, place) => ({
      ...entry,
      share: place === at ? share : before ? (from[place].share / before) * (1 - share) : 0,
    }));
  }

  /** Changes the unique tokens of a domain, and its bounds with them. */
  function setUnique(tokens, at) {
    const planned = PLAN.domains[at];
    const scaled = (bound) => (bound === null || !planned.tokens_unique ? null : (bound / planned.tokens_unique) * tokens);
    setting.domains = setting.domains.map((entry, place) =>
      place !== at
        ? entry
        : {
            ...entry,
            tokens_unique: tokens,
            tokens_unique_low: scaled(planned.tokens_unique_low),
            tokens_unique_high: scaled(planned.tokens_unique_high),
          },
    );
  }

  const placeOf = (input) => (input.dataset.domain === undefined ? undefined : Number(input.dataset.domain));

  /** Writes the setting into all fields and sliders but the one that is being used. */
  function fill(used) {
    for (const input of all("field")) {
      if (input === used) continue;
      const field = FIELDS[input.dataset.field];
      input.value = field.text(field.get(placeOf(input)));
      input.removeAttribute("aria-invalid");
      if (input.dataset.field === "params") input.placeholder = `best: ${count(best())}`;
      if (input.dataset.field === "max_epochs") input.placeholder = "no limit";
    }
    for (const slider of all("slider")) {
      if (slider === used) continue;
      const field = FIELDS[slider.dataset.slider];
      const at = placeOf(slider);
      [slider.min, slider.max] = field.range(at);
      const value = field.get(at);
      slider.value = value === 0 && slider.dataset.slider !== "share" ? slider.min : field.onSlider(value);
      slider.setAttribute("aria-valuetext", field.text(value) || (slider.dataset.slider === "params" ? "best" : "no limit"));
    }
  }

  // ---- the outcome, in words ----

  const most = (found) => {
    const used = found.domains.filter((entry) => entry.share && entry.epochs > 1.00001);
    return used.reduce((top, entry) => (top && top.epochs >= entry.epochs ? top : entry), null);
  };

  function short(name) {
    return name.length > 22 ? `${name.slice(0, 22)}…` : name;
  }

  function verdict(found) {
    const top = most(found);
    const used = found.domains.filter((entry) => entry.share);
    const alike = used.length > 1 && used.every((entry) => entry.epochs > 0.999 * top?.epochs);
    const place = top && `${alike ? "every domain" : short(top.domain)} (${count(top.epochs)} epochs)`;
    const where = top && found.cause !== "allocation" ? ` in ${place}` : "";
    const run = `${count(setting.flops / 6 / paramsOf(found, setting))} tokens`;
    const few = `${run} are too few for ${count(setting.params)} parameters`;
    if (found.constraint === "data") {
      const why = { allocation: `: ${few}`, both: `: ${few}, and the supply is too small` }[found.cause] ?? "";
      const other = found.cause === "mixture" ? ": another mixture of the same supply would be enough" : "";
      return `Data is the constraint${where}${why}${other}.`;
    }
    if (found.constraint === "model") {
      return `Model size is the constraint: ${count(setting.params)} parameters are too few for ${run}.`;
    }
    if (found.constraint === "compute") return "Compute is the constraint, not data.";
    return "No verdict.";
  }

  const paramsOf = (found, of) => of.params ?? runOn(found).params;

  function dataThere(found) {
    const factor = found.flips_at.supply_factor;
    if (!factor) return "-";
    return factor > 1 ? percent(1 / factor) : `${count(1 / factor)} times`;
  }

  const ROWS = [
    ["Constraint", (found) => found.constraint ?? "-"],
    ["FLOPs", (_, of) => power(of.flops)],
    ["Parameters", (found, of) => count(paramsOf(found, of))],
    ["Tokens", (found, of) => count(of.flops / 6 / paramsOf(found, of))],
    ["Most epochs", (found) => count(most(found)?.epochs ?? 1)],
    ["Compute that counts", (found) => percent(found.compute_equivalent_share)],
    ["Data of what it needs", dataThere],
    ["Loss in nats", (found) => (found.constrained?.loss ?? found.loss?.on_supply ?? found.loss?.total)?.toFixed(4) ?? "-"],
    ["Laws that agree", (found) => (found.agreement ? `${found.agreement.same_verdict} of ${found.agreement.laws}` : "-")],
  ];

  function write(changed) {
    find("outcome").classList.toggle("changed", changed);
    find("outcome-kicker").textContent = changed ? "If it were so, not as planned:" : "As planned:";
    find("outcome-verdict").textContent = verdict(outcome);
    find("outcome-rows").replaceChildren(
      ...ROWS.map(([name, words]) => {
        const row = document.createElement("tr");
        const [before, after] = [words(PLANNED, PLAN), words(outcome, setting)];
        for (const [tag, text] of [["th", name], ["td", before], ["td", after]]) {
          const cell = document.createElement(tag);
          cell.textContent = text;
          if (tag === "th") cell.scope = "row";
          row.append(cell);
        }
        if (before !== after) row.className = "changed";
        return row;
      }),
    );
  }

  // ---- what is shown: the what-if, or the plan ----

  const isPlan = () => JSON.stringify(setting) === JSON.stringify(PLAN);

  function showOutcome(used) {
    const changed = !isPlan();
    try {
      outcome = law.judge(setting);
    } catch (error) {
      say(error.message, used);
      return;
    }
    say("", used);
    fill(used);
    showCharts(changed);
    write(changed);
    find("bar").hidden = !changed;
    find("bar-verdict").textContent = verdict(outcome);
    for (const note of all("what-if-note")) note.hidden = !changed;
    for (const button of all("reset")) button.disabled = !changed;
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

  function say(message, used) {
    find("message").textContent = message;
    if (used?.dataset.field) used.toggleAttribute("aria-invalid", false);
    if (message && used) used.setAttribute("aria-invalid", "true");
  }

  let waiting = null;
  function soon(used) {
    waiting ??= requestAnimationFrame(() => {
      waiting = null;
      showOutcome(used);
    });
  }

  function change(input) {
    const [name, isSlider] = input.dataset.slider ? [input.dataset.slider, true] : [input.dataset.field, false];
    const field = FIELDS[name];
    try {
      const rounded = (value) => (value === null ? null : Number(value.toPrecision(3)));
      const value = isSlider ? rounded(field.fromSlider(Number(input.value))) : field.parse(input.value);
      field.set(value, placeOf(input));
    } catch (error) {
      say(error.message, input);
      return;
    }
    soon(input);
  }

  function reset() {
    setting = structuredClone(PLAN);
    showOutcome(null);
  }

  form.addEventListener("input", (event) => change(event.target));
  form.addEventListener("change", () => fill(null)); // in one form once a field is left
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const button of all("reset")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      reset();
    });
  }
  // Paper shows the plan; a what-if is back afterwards.
  addEventListener("beforeprint", () => showCharts(false));
  addEventListener("afterprint", () => showCharts(!isPlan()));

  if (matchMedia("(max-width: 62rem)").matches) form.closest("details").open = false; // the figures come soon
  fill(null);
  write(false);
  drawn.then(() => (document.documentElement.dataset.shows = "plan"));
})();

"use strict";
// Numbers as people write and read them: the twin of tokaudit/core/units.py.

const tokauditNumbers = (() => {
  const UNITS = { "": 1, K: 1e3, M: 1e6, B: 1e9, G: 1e9, T: 1e12, P: 1e15 };
  const NUMBER = /^\s*((?:[1-9]\d{0,2}(?:,\d{3})+|\d+(?:_\d+)*|(?=\.\d))(?:\.\d*)?(?:[eE][+-]?\d+)?)\s*([A-Za-z%]*)\s*$/;
  const LONGEST = 20; // characters of what was typed that a message repeats

  function quoted(text) {
    return `“${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}”`;
  }

  function parse(text, example) {
    const match = NUMBER.exec(text);
    if (!match) throw new RangeError(text.trim() ? `${quoted(text)} is not a number; write ${example}` : `write a number, such as ${example}`);
    return [Number(match[1].replace(/[,_]/g, "")), match[2]];
  }

  function parseCount(text, example = "70B, 1.4T or 1e24") {
    const [value, unit] = parse(text, example);
    const factor = UNITS[unit.toUpperCase()];
    if (factor === undefined) throw new RangeError(`${quoted(unit)} is not a unit; write ${example}`);
    if (!(value * factor > 0 && value * factor < Infinity)) throw new RangeError(`${quoted(text)} must be more than 0 and finite`);
    return value * factor;
  }

  function parseShare(text) {
    const [value, unit] = parse(text, "40% or 0.4");
    const share = unit === "%" ? value / 100 : value;
    if (!["", "%"].includes(unit) || !(share >= 0 && share <= 1)) {
      throw new RangeError(`${quoted(text)} is not a share from 0 to 1; write 40% or 0.4`);
    }
    return share;
  }

  // format_power
  const power = (value) => String(Number(value.toPrecision(3))).includes("e") || Math.abs(value) >= 1000
    ? Number(value.toPrecision(3)).toExponential().replace("e+", "e")
    : String(Number(value.toPrecision(3)));

  // format_count
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

  return { parseCount, parseShare, power, count, percent };
})();

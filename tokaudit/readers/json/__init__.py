"""Records of JSON: lines, arrays, and objects one after another."""

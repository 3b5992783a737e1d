"""One file a command: parse, call, print. Heavy packages are imported when a command runs, not before."""

"""The parts of a plan, each a pure function of a law, a supply and a budget: ``planner`` puts them together."""

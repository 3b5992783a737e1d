"""The rows behind the figures of a plan: one module per figure, and none of them draws."""

"""From the chart of a figure to a page or a file: colours, type, size, SVG and PNG."""

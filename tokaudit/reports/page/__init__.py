"""The page: one self-contained HTML file with the verdict, the figures, and what would be if the plan were another."""

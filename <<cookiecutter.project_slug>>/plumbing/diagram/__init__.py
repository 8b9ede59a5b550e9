"""The diagram of the tables: Mermaid in docs/models.md, SVG on the welcome page."""

from plumbing.diagram.mermaid import differences as differences
from plumbing.diagram.mermaid import write as write

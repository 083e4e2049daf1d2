//! A drawing as a standalone SVG.

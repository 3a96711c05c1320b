"""The shapes of cells: skeletons, SWC files and depth in the cortex."""

"""Published results in the layouts in which they are published: one reader a layout, behind one way in, `registry`."""

"""Files that end-customers and agents send one another: what kind they are, where they lie, how they are given out."""

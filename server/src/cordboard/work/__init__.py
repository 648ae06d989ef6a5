"""Lists of work: the open contacts of all channels that somebody may see, and the views that people keep of them."""

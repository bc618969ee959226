"""The guest's own pages: opened by signed links, phone first, in the guest's language."""

"""Reading HDF5 and NeXus files, whatever is in them."""

"""Amazon Connect's flow language (2019-10-30), in and out."""

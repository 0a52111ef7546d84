"""Tables of hours: what substations, groups of them and services have or want in each."""

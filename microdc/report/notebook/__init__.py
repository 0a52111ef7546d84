"""A plan as a notebook shows it: verdict, sites and a map, one piece of HTML with no script."""

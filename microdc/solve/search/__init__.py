"""The search: a shortlist of sites, a relaxation tightened by cuts, whole sites, and the proof."""

"""Tables and charts from the results file, and the pages they are put into."""

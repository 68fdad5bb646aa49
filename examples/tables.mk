# Put this into a Makefile: the target brings the tables up to date, and others can lean on it.
PAGES ?= pages
CLEAN ?= clean

.PHONY: tables
tables:
	descrape run "$(PAGES)" --out "$(CLEAN)" --since last --quiet || [ $$? -eq 3 ]

headlines.csv: tables
	python -c 'import pipeline; pipeline.open_snapshot("$(CLEAN)").pandas("articles", ["doc_id", "headline"]).to_csv("$@", index=False)'

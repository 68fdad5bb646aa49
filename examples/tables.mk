# Put this into a Makefile: `make tables` brings the tables up to date, and other targets can lean on it.
PAGES ?= pages
CLEAN ?= clean

.PHONY: tables
tables:
	descrape run "$(PAGES)" --out "$(CLEAN)" --since last --quiet || [ $$? -eq 3 ]

headlines.csv: tables
	python -c 'import pipeline; pipeline.open_snapshot("$(CLEAN)").pandas("articles", ["doc_id", "headline"]).to_csv("$@", index=False)'

DROP TABLE catalogue_words;
DROP TABLE catalogue_wines;
DROP TABLE catalogue_lists;

DROP TABLE bottle_labels;
DROP TABLE barcodes;

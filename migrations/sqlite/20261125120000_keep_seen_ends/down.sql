DROP TABLE seen_ends;

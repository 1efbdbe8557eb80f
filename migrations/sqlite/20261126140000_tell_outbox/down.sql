DROP TABLE problems;
DROP TABLE deliveries;
DROP TABLE targets;
DROP TABLE events;

DROP INDEX bottles_by_stock;
DROP INDEX movements_by_time;

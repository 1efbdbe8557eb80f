# The boot after it.
scans=$(cat /probe/scans-before)
more() { [ "$(book 'SELECT count(*) FROM scans')" = $((scans + 1)) ]; }
check "the server starts at boot" within 60 ready
check "the missed scan is caught up" within 60 more
check "the timer waits for the next night" within 60 is_waiting wine-inventory-stock.timer
check "the scan went well" is "$(prop wine-inventory-stock.service Result)" success

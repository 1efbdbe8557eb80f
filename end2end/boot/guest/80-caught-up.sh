# The boot after it.
scans=$(cat /probe/scans-before)
more() { [ "$(book 'SELECT count(*) FROM scans')" = $((scans + 1)) ]; }
check "the server starts at boot" within 30 ready
check "the missed scan is caught up" within 60 more
check "the timer waits for the next night" within 10 test "$(prop wine-inventory-stock.timer SubState)" = waiting
check "the scan went well" is "$(prop wine-inventory-stock.service Result)" success

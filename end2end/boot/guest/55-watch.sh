# How the box is, on the page and for Prometheus; a unit that failed leaves its last words there.
check "the health page opens" has "$(page /health)" "wine-inventory-stock.timer"
check "it tells when the next scan is" has "$(page /health)" "next run"
check "metrics tell of the units" has "$(page /metrics)" 'winecellar_unit_failed{unit="wine-inventory-stock.service"} 0'
settings "WINECELLAR_SOURCE=cmd:/bin/false"
settings "WINECELLAR_RACK=no such rack"
systemctl start wine-inventory-stock.service
check "a scan of a rack that is not there fails" is_failed wine-inventory-stock.service
# An earlier failure may still stand there: this one's own words are waited for.
told() { page /health | grep 'failure of wine-inventory-stock.service' | grep -q 'no such rack'; }
check "OnFailure tells the page, with what the unit said" within 60 told
check "and the metrics" has "$(page /metrics)" 'winecellar_unit_failed{unit="wine-inventory-stock.service"} 1'
sed -i /WINECELLAR_RACK/d /etc/winecellar/shared.env
settings "WINECELLAR_SOURCE=file:/var/lib/winecellar/less.jpg"
check "the next scan works" systemctl start wine-inventory-stock.service
check "and the failure is a matter of the past" has "$(page /health)" "works again"

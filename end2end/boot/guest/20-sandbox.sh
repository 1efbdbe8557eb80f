# How exposed the services are, as they run.
check "the server's exposure is at most 2.0" systemd-analyze security --no-pager --threshold=20 winecellar-api.service
check "the scan's exposure is at most 3.0" systemd-analyze security --no-pager --threshold=30 wine-inventory-stock.service
for unit in backup nas retention; do
    check "the exposure of the $unit is at most 3.0" systemd-analyze security --no-pager --threshold=30 wine-inventory-$unit.service
done
for unit in winecellar-api wine-inventory-stock wine-inventory-backup wine-inventory-nas wine-inventory-retention; do
    echo "# $(systemd-analyze security --no-pager $unit.service | tail -n 1)"
done
# Filters of devices and addresses are the kernel's (BPF): whether this one lets a container have them is told, not demanded.
systemd-run --quiet --wait --property=IPAddressDeny=any curl -s -o /dev/null http://127.0.0.1:8000/healthz \
    && echo "# addresses are not filtered here: IPAddressDeny= was not tried" || echo "# addresses are filtered here"
systemd-run --quiet --wait --property=DevicePolicy=closed dd if=/dev/fuse of=/dev/null count=0 \
    && echo "# devices are not filtered here: DeviceAllow= was not tried" || echo "# devices are filtered here"
# The group of cameras counts also under PrivateUsers=.
install -m 640 -g video /dev/null /var/lib/winecellar/of-video
check "the services' sandbox keeps the group of cameras" systemd-run --quiet --wait --uid=winecellar --property=SupplementaryGroups=video \
    --property=PrivateUsers=yes --property=NoNewPrivileges=yes --property=CapabilityBoundingSet= cat /var/lib/winecellar/of-video

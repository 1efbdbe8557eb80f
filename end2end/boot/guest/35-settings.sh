# What counts on this box, and a word on what cannot be used.
check "the settings come from shared.env" has "$(cellar config)" "/etc/winecellar/shared.env line"
settings "WINECELLAR_SORCE=v4l2:/dev/video0"
said=$(cellar config)
check "a misspelt key ends with 2" is $? 2
check "and is named with the one that is meant" has "$said" "is WINECELLAR_SOURCE meant?"
sed -i /WINECELLAR_SORCE/d /etc/winecellar/shared.env
printf '[light]\nwait = 1\n' >/etc/winecellar/winecellar.toml
check "winecellar.toml beside it counts" has "$(cellar config)" "/etc/winecellar/winecellar.toml line 2"
rm /etc/winecellar/winecellar.toml

#!/bin/busybox sh
# The guest's first and only program: makes the kernel's own test camera misbehave and looks at what winecellar says.
# Prints "vivid: ok NAME" or "vivid: FAIL NAME" for run.sh, then switches the machine off.
/bin/busybox --install -s /bin
export PATH=/bin LD_LIBRARY_PATH=/lib HOME=/tmp
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev; mount -t tmpfs tmp /tmp
mkdir -p /dev/shm
while read -r module; do insmod "/modules/$module.ko" || echo "vivid: no module $module"; done </modules/order
plug() { insmod /modules/vivid.ko n_devs=1 node_types=0x1 num_inputs=1 input_types=0 no_error_inj=0; }
plug
camera=/dev/video0
for _ in 1 2 3 4 5 6 7 8 9 10; do [ -e $camera ] && break; sleep 0.3; done

export DATABASE_URL=sqlite:/cellar/cellar.db WINECELLAR_DATA_DIR=/cellar/data
set_control() { v4l2-ctl -d $camera -c "$1"; }
# Squares of colour have edges; dimmed they saturate nowhere, so that one series is enough.
squares() { set_control test_pattern=4; set_control osd_text_mode=2; }
dim() { set_control brightness=90; set_control contrast=90; }
# The process of ours that holds the camera, once one does.
holder_of_camera() {
    for _ in $(seq 100); do
        for process in /proc/[0-9]*; do
            grep -aq grab "$process/cmdline" 2>/dev/null && ls -l "$process/fd" | grep -q "$camera" && { echo "${process#/proc/}"; return; }
        done
        sleep 0.1
    done
}
# Waits until the camera streams: the driver has a thread for it only then, and passes over a fault that comes sooner.
streams() {
    for _ in $(seq 100); do
        cat /proc/[0-9]*/comm 2>/dev/null | grep -q 'vid-c' && return
        sleep 0.1
    done
}
# strike CONTROL: a fault amid the stream. Until it has struck no picture gets through, lest the camera is done before.
strike() { streams; set_control "$1=1"; set_control percentage_of_dropped_buffers=0; }
started() { now=$(cut -d. -f1 /proc/uptime); echo $((now - ${1:-0})); }

# look CODE DEADLINE SOURCE: takes a picture; its words are in /tmp/said, its seconds in $took
look() {
    begin=$(started)
    winecellar stock snapshot --dir /tmp/stage --deadline "$2" --source "v4l2:$3" >/tmp/said 2>&1
    code=$?
    took=$(started "$begin")
    sed 's/^/    /' /tmp/said
    [ $code = "$1" ] && [ "$took" -le $(($2 + 8)) ]
}
# expect NAME WORDS: the last command succeeded, and all words were said
expect() {
    result=$?; name=$1; shift
    for words; do grep -q "$words" /tmp/said || result=1; done
    if [ $result = 0 ]; then echo "vivid: ok $name (${took:-0} s)"; else echo "vivid: FAIL $name (exit code ${code:-?}, ${took:-0} s)"; fi
}
brightness() { sed -n 's/.*bright \([0-9.]*\).*/\1/p' /tmp/said; }

size='size=320x180'
squares
look 0 20 "$camera?$size"; expect "a good picture" "5 picture(s) in the median"
bright=$(brightness)
for format in YUYV UYVY NV12 RGB3 BGR3 GREY; do
    look 0 20 "$camera?$size&format=$format"; expect "format $format" "bright"
    echo "$bright $(brightness)" | awk '{ d = $1 - $2; exit !(d < 0.04 && d > -0.04 && $2 > 0) }'; expect "format $format is as bright as the first"
done
# The way of calibration: the server lists the camera with its modes, and takes a picture to draw on.
ifconfig lo 127.0.0.1 up
api=http://127.0.0.1:8000
begin=$(started)
WINECELLAR_ADDR=127.0.0.1:8000 winecellar serve >/tmp/serve 2>&1 &
server=$!
for _ in $(seq 100); do wget -q -O /dev/null $api/readyz && break; sleep 0.3; done
wget -q -O /tmp/said $api/api/v1/calibration/cameras; code=$?; took=$(started "$begin")
head -c 600 /tmp/said; echo
[ $code = 0 ]; expect "cameras are listed with their modes" "\"camera\":\"v4l2:$camera\"" "vivid" "size=640x360&format=YUYV"
wget -q -O /tmp/said --header 'content-type: application/json' --post-data "{\"camera\":\"v4l2:$camera?$size\"}" $api/api/v1/calibration/shots
code=$?; cat /tmp/said; echo
[ $code = 0 ]; expect "a picture to calibrate on" '"width":320' '"height":180' '"picture":"'
kill $server; wait $server
dim
look 3 20 "$camera?$size&format=MJPG"; expect "a format that the camera lacks" "gives no MJPG"
look 3 20 /dev/null; expect "a file that is no camera" "is no camera"
look 3 20 /dev/video7; expect "a camera that is not there" "is the camera plugged in"

set_control inject_vidioc_streamon_error=1
look 0 20 "$camera?$size"; expect "STREAMON fails once" "overcome: $camera refused to stream"

set_control percentage_of_dropped_buffers=100
look 3 8 "$camera?$size"; expect "all buffers dropped" "sent no picture in time"
set_control percentage_of_dropped_buffers=0

v4l2-ctl -d $camera --stream-mmap --stream-count=0 >/dev/null 2>&1 &
holder=$!
sleep 1
look 3 4 "$camera?$size"; expect "busy" "is in use by another program"
(sleep 3; kill $holder) &
look 0 20 "$camera?$size"; expect "busy for a moment" "overcome: $camera is in use by another program"

set_control percentage_of_dropped_buffers=100
strike inject_fatal_streaming_error &
look 0 25 "$camera?$size"; expect "a fatal error in mid-stream" "overcome: $camera reports an I/O error"

# A driver that hangs, as far as the scan can tell: the process that holds the camera answers nothing any more.
(kill -STOP "$(holder_of_camera)") &
look 3 6 "$camera?$size"; expect "the camera's process hangs" "gave no picture within"

set_control horizontal_movement=6
look 3 8 "$camera?$size"; expect "a picture that does not come to rest" "does not come to rest"
set_control horizontal_movement=3

# The driver comes back when nobody has it open: this shell keeps it away.
exec 9<$camera
set_control percentage_of_dropped_buffers=100
strike disconnect >/dev/null 2>&1 &
look 3 8 "$camera?$size"; expect "unplugged in mid-stream" "was unplugged"

begin=$(started)
winecellar stock run --json --deadline 5 --source "v4l2:$camera" >/tmp/said 2>&1; code=$?; took=$(started "$begin")
tail -n 3 /tmp/said
[ $code = 3 ]; expect "a scan of an unplugged camera is no opinion" '"status": "no_opinion"' '"changed": \[\]' "was unplugged"

exec 9<&-
rmmod vivid; plug; sleep 1; squares; dim
look 0 20 "$camera?$size"; expect "plugged in again" "5 picture(s) in the median"
echo "vivid: end"
poweroff -f

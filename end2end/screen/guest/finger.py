"""A touch panel, as the kernel and libinput see one: this qemu (7.2) has none, so the guest's uinput plays it.
Makes a panel as large as the output, then takes lines `X Y MILLISECONDS` from /run/finger and touches there."""
import fcntl
import glob
import os
import socket
import struct
import time

modes = ""
while not modes:
    time.sleep(0.5)
    modes = "".join(open(file).read() for file in glob.glob("/sys/class/drm/*/modes"))
width, height = map(int, modes.split()[0].split("x"))
# linux/uinput.h and linux/input-event-codes.h
SET_EVBIT, SET_KEYBIT, SET_ABSBIT, SET_PROPBIT = 0x40045564, 0x40045565, 0x40045567, 0x4004556E
DEV_SETUP, ABS_SETUP, DEV_CREATE = 0x405C5503, 0x401C5504, 0x5501
EV_SYN, EV_KEY, EV_ABS, BTN_TOUCH, PROP_DIRECT, BUS_USB = 0, 1, 3, 0x14A, 1, 3
ABS_X, ABS_Y, SLOT, MT_X, MT_Y, TRACKING = 0, 1, 0x2F, 0x35, 0x36, 0x39

panel = os.open("/dev/uinput", os.O_WRONLY)
for request, value in [(SET_EVBIT, EV_KEY), (SET_EVBIT, EV_ABS), (SET_KEYBIT, BTN_TOUCH), (SET_PROPBIT, PROP_DIRECT)]:
    fcntl.ioctl(panel, request, value)
ranges = {ABS_X: width, MT_X: width, ABS_Y: height, MT_Y: height, SLOT: 10, TRACKING: 65536}
for axis, size in ranges.items():
    fcntl.ioctl(panel, SET_ABSBIT, axis)
    # Value, least, most, fuzz, flat, units a millimetre.
    fcntl.ioctl(panel, ABS_SETUP, struct.pack("<HxxiiiIII", axis, 0, 0, size - 1, 0, 0, 5 if axis < TRACKING and axis != SLOT else 0))
fcntl.ioctl(panel, DEV_SETUP, struct.pack("<HHHH80sI", BUS_USB, 0x1234, 0x5678, 1, b"screen test: touch panel", 0))
fcntl.ioctl(panel, DEV_CREATE)


def send(*events):
    for kind, code, value in [*events, (EV_SYN, 0, 0)]:
        os.write(panel, struct.pack("<qqHHi", 0, 0, kind, code, value))


if not os.path.exists("/run/finger"):
    os.mkfifo("/run/finger")
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
    manager.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
touches = 0
while True:
    with open("/run/finger") as wanted:
        for line in wanted:
            x, y, long = map(int, line.split())
            touches += 1
            send((EV_ABS, SLOT, 0), (EV_ABS, TRACKING, touches), (EV_ABS, MT_X, x), (EV_ABS, MT_Y, y), (EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, x), (EV_ABS, ABS_Y, y))
            time.sleep(long / 1000)
            send((EV_ABS, TRACKING, -1), (EV_KEY, BTN_TOUCH, 0))

//! The program as its users meet it: the real binary, run from the command line and asked over HTTP.

mod access;
mod api;
mod book;
mod camera;
mod cellar;
mod command_line;
mod events;
mod hostile;
mod openapi;
mod pages;

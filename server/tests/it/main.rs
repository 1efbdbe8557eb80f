//! The program as its users meet it: the real binary, run from the command line and asked over HTTP.

mod access;
mod api;
mod backup;
mod book;
mod camera;
mod cellar;
mod clean;
mod command_line;
mod crash;
mod database_away;
mod doctor;
mod events;
mod geometry;
mod health;
mod holdings;
mod hostile;
mod import;
mod learn;
mod light;
mod nas;
mod openapi;
mod pages;
mod settings;
mod two_servers;

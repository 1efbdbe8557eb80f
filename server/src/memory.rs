//! How the C library's allocator behaves in the serving process.

/// How often memory that is free goes back to the system.
pub(crate) const TIDY_EVERY: std::time::Duration = std::time::Duration::from_secs(20);

/// Keeps freed memory together: glibc gives each busy thread a heap of its own, up to eight a core, and what was freed
/// in one is of no use to the others. Two heaps are enough for the four database readers, and save a quarter of the memory.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn settle() {
    const HEAPS: libc::c_int = 2;
    // SAFETY: mallopt takes two plain numbers, and is called before any other thread runs.
    #[expect(unsafe_code, reason = "there is no safe binding")]
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, HEAPS);
    }
}

/// Gives free pages back that lie between used ones: by itself glibc gives back only the end of a heap, and after an
/// import or a page of hundreds of bins most of what is free lies in between.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(crate) fn tidy() {
    // SAFETY: malloc_trim takes a plain number and locks the heaps itself.
    #[expect(unsafe_code, reason = "there is no safe binding")]
    unsafe {
        libc::malloc_trim(0);
    }
}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn settle() {}

/// Other allocators are left as they are.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(crate) fn tidy() {}

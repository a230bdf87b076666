import SQLite

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The file of an archive on its way to its name.
enum ArchiveFile {
    /// Two processes that archive into one folder do not write into each other's.
    static func partial(of file: String) -> String { "\(file).partial-\(getpid())" }

    /// Makes it empty. Only its owner reads it: it holds the whole log.
    static func make(_ file: String) throws {
        unlink(file)
        let made = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard made >= 0 else { throw StoreError.notPermitted(path: file) }
        close(made)
    }

    static func remove(_ file: String) { unlink(file) }

    /// Gives it its name, in a folder that keeps it when the plug is pulled; never in the place of another file.
    static func name(_ partial: String, _ file: String) throws {
        guard link(partial, file) == 0 else {
            throw errno == EEXIST
                ? StoreError.other(path: file, reason: "it is there already; name another folder")
                : StoreError.notPermitted(path: file)
        }
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            unlink(file)
            throw StoreError.notPermitted(path: folder)
        }
    }
}

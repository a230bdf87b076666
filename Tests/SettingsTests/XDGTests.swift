import Settings
import Testing

@Suite("XDG directories")
struct XDGTests {
    @Test("a variable counts if it is set and absolute, and is ignored if it is not")
    func given() {
        let set = ["HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_DATA_DIRS": "/a:b::/c"]
        #expect(XDG.configHome(set) == "/c")
        #expect(XDG.dataHome(set) == "/d")
        #expect(XDG.dataDirectories(set) == ["/a", "/c"])
        let relative = ["HOME": "/h", "XDG_CONFIG_HOME": "c", "XDG_DATA_HOME": "d", "XDG_DATA_DIRS": "a"]
        #expect(XDG.configHome(relative) == "/h/.config")
        #expect(XDG.dataHome(relative) == "/h/.local/share")
        #expect(XDG.dataDirectories(relative) == [])
        #expect(XDG.configHome(["HOME": "h", "XDG_CONFIG_HOME": "c"]) == nil)
    }

    @Test("one that is missing or empty has its usual place")
    func usual() {
        for environment in [["HOME": "/h"], ["HOME": "/h", "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""]] {
            #expect(XDG.configHome(environment) == "/h/.config")
            #expect(XDG.dataHome(environment) == "/h/.local/share")
            #expect(XDG.dataDirectories(environment) == ["/usr/local/share", "/usr/share"])
        }
        #expect(XDG.configHome([:]) == nil)
    }
}

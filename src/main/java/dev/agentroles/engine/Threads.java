package dev.agentroles.engine;

import java.util.concurrent.ThreadFactory;

/// Threads for work that waits for servers.
public final class Threads {
    /// None of them keeps the program from ending. They are the system's and no virtual ones: for those Java
    /// reads the network in threads of its own, which are in native code whenever nothing comes, and it waits
    /// 0.3 s for such threads before it ends.
    public static final ThreadFactory DAEMONS =
            Thread.ofPlatform().daemon().name("agentroles-", 1).factory();

    private Threads() {}
}

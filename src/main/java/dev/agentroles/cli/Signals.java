package dev.agentroles.cli;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Passes on to a program what this process is told, instead of dying of it.
///
/// The JDK has signals only in `sun.misc.Signal`: of module `jdk.unsupported`, which JEP 260 keeps for want of
/// a replacement, and which the compiler warns of, hence by reflection. What else there is does not do: a
/// shutdown hook learns neither which signal came nor how to stay alive. Where it is missing, a signal ends
/// this process, and the program's login is left to `reap`.
///
/// Never passed on: QUIT, which the virtual machine keeps for itself (it prints its threads), and STOP and
/// KILL, which no process can catch.
final class Signals implements AutoCloseable {
    private static final String HANDLER = "sun.misc.SignalHandler";
    private static final String SIGNAL = "sun.misc.Signal";

    private static final List<String> PASSED = List.of("TERM", "HUP", "INT", "USR1", "USR2");

    private final List<Runnable> restore = new ArrayList<>();
    private final boolean terminal;
    private final Deque<String> early = new ArrayDeque<>();
    private @Nullable Process program;

    private Signals(boolean terminal) {
        this.terminal = terminal;
    }

    /// From now on no signal ends this process.
    ///
    /// @param terminal whether a terminal sends what is typed there (Ctrl-C) to the program as well
    static Signals caught(boolean terminal) {
        var signals = new Signals(terminal);
        PASSED.forEach(signals::on);
        return signals;
    }

    /// To this program, and to it goes what came before there was one.
    synchronized void passTo(Process started) {
        program = started;
        early.forEach(name -> pass(name, started));
    }

    private synchronized void came(String name) {
        if (program == null) {
            early.add(name);
        } else {
            pass(name, program);
        }
    }

    private void pass(String name, Process to) {
        if (name.equals("TERM")) {
            to.destroy();
        } else if (!name.equals("INT") || !terminal) {
            kill(name, to);
        }
    }

    private static void kill(String name, Process to) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(to.pid())).start();
        } catch (IOException noKill) {
            to.destroy();
        }
    }

    private void on(String name) {
        try {
            var handlerType = Class.forName(HANDLER);
            var signalType = Class.forName(SIGNAL);
            var signal = signalType.getConstructor(String.class).newInstance(name);
            var handle = signalType.getMethod("handle", signalType, handlerType);
            var handler = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handlerType}, (_, method, _) -> {
                        if (method.getName().equals("handle")) {
                            came(name);
                        }
                        return null;
                    });
            var before = handle.invoke(null, signal, handler);
            restore.add(() -> {
                try {
                    handle.invoke(null, signal, before);
                } catch (ReflectiveOperationException gone) {
                    throw new IllegalStateException(gone);
                }
            });
        } catch (InvocationTargetException taken) {
            // The virtual machine was told to leave this signal alone, and the program gets it as this process does.
            return;
        } catch (ReflectiveOperationException missing) {
            return;
        }
    }

    @Override
    public void close() {
        restore.forEach(Runnable::run);
    }
}

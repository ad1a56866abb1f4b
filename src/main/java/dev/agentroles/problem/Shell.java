package dev.agentroles.problem;

import java.util.regex.Pattern;

/// Words of the commands that messages tell people to run: what is pasted into a shell must reach the program as it
/// is, whatever a file is called.
public final class Shell {
    /// What no shell reads as more than itself. A tilde in front is the home folder, and is not among it.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

    private Shell() {}

    /// One word: as it is where that is enough, else in single quotes, in which nothing but a single quote is special
    /// (POSIX.1-2024, Shell Command Language, 2.2.2). No name that we tell people begins as an option does, but a
    /// file's may: it is told as a file of this folder.
    public static String word(String name) {
        var text = name.startsWith("-") ? "./" + name : name;
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}

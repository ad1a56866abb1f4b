package dev.agentroles.report;

/// Colours a terminal, or leaves text as it is.
public enum Paint {
    NONE {
        @Override
        String wrap(String code, String text) {
            return text;
        }
    },
    ANSI {
        @Override
        String wrap(String code, String text) {
            return text.isEmpty() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
        }
    };

    abstract String wrap(String code, String text);

    String green(String text) {
        return wrap("32", text);
    }

    String red(String text) {
        return wrap("31", text);
    }

    String yellow(String text) {
        return wrap("33", text);
    }

    String bold(String text) {
        return wrap("1", text);
    }

    String dim(String text) {
        return wrap("2", text);
    }

    /// The sign of a change in its colour.
    String sign(char sign) {
        return switch (sign) {
            case '+' -> green("+");
            case '-' -> red("-");
            default -> yellow(Character.toString(sign));
        };
    }
}

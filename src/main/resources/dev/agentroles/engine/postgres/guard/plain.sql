-- Whether a text is plainly in order, told by its shape alone: one UPDATE or DELETE whose columns are set to parameters,
-- constants and columns, with a WHERE of columns that are compared with parameters and constants. What most programs send
-- is of this shape, and lex() and judge(), which come to the same, cost ten times as much. Everything else is left to them.
--
-- No comment fits into the shape, no parenthesis but that of IN, no backslash, no two strings in a row: so its words are
-- words, and WHERE is the statement's own. An operator is followed by a value, so none can begin a comment. The second
-- pattern finds words that are values and no columns.
CREATE OR REPLACE FUNCTION agentroles_guard.plain(sql text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE AS $fn$
BEGIN
  RETURN length(sql) < 4000 AND strpos(sql, E'\\') = 0
    AND sql COLLATE "C" ~ replace(replace(replace(replace(replace(replace(replace(replace(
        '(?i)^~(?:update@(?:only@)?NAME(?:@(?:as@)?WORD)?@set@SET(?:~,~SET)*|delete@from@(?:only@)?NAME(?:@(?:as@)?WORD)?)'
          '@where@TEST(?:@and@TEST)*~;?~$',
        'SET(?', 'NAME~=~(?:CONST|NAME)(?:~(?:[-+*/%]|[|][|])~(?:CONST|NAME))*(?'),
        'SET)', 'NAME~=~(?:CONST|NAME)(?:~(?:[-+*/%]|[|][|])~(?:CONST|NAME))*)'),
        'TEST', 'NAME(?:~(?:=|<>|!=|<=|>=|<|>)~CONST|@in~[(]~CONST(?:~,~CONST)*~[)])'),
        'CONST', '(?:[$][0-9]+|[0-9]+(?:[.][0-9]+)?|''[^'']*'')(?:::NAME)?'),
        'NAME', '(?:WORD|"[^"]+")(?:[.](?:WORD|"[^"]+"))*'),
        'WORD', '[a-z_][a-z0-9_]*'),
        '@', '[[:space:]]+'),
        '~', '[[:space:]]*')
    AND sql COLLATE "C" !~ ('(?i)[[:space:]](?:true|false|null|default|user|local(?:time|timestamp)|session_user|system_user'
        '|current_(?:catalog|date|role|schema|time|timestamp|user))[[:space:]]*(?:[:=<>!]|in[[:space:](])');
END
$fn$;

<?php
/** Whether this PHP can speak to the portal at all: the extensions, JSON both ways, and a POST that gets through. */
require __DIR__ . '/crest.php';

foreach (['curl', 'json', 'mbstring'] as $extension) {
    extension_loaded($extension) || exit("no extension $extension\n");
    echo "OK $extension\n";
}

$profile = (new Crest(getenv('HOOK')))->call('profile', ['check' => 'server']);
isset($profile['result']['ID']) || exit('no profile: ' . json_encode($profile) . "\n");
echo "OK post\n";

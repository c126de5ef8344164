<?php
/**
 * What stands for CRest's crest.php beside an example of the console: the class and the settings that it reads, written
 * anew from the facts (protocol 12.1).
 */
require_once __DIR__ . '/settings.php';

final class CRest
{
    public static function call(string $method, array $parameters = []): array
    {
        $request = curl_init(C_REST_WEB_HOOK_URL . $method . '.json');
        curl_setopt_array($request, [CURLOPT_RETURNTRANSFER => true, CURLOPT_FOLLOWLOCATION => true]);
        if ($parameters) {
            curl_setopt_array($request, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => http_build_query($parameters)]);
        }
        $answer = curl_exec($request);
        if ($answer === false) {
            throw new RuntimeException(curl_error($request));
        }
        return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
    }
}

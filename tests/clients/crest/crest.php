<?php
/**
 * Speaks to a webhook the way CRest 1.36 does (protocol 12.1), written anew from the facts: the URL is the webhook plus the
 * method plus ".json"; with parameters a form is posted, without any it is a GET; redirects are followed; the HTTP status is
 * ignored, and what counts is a non-empty "error" in the JSON.
 */
final class Crest
{
    private const USER_AGENT = 'Bitrix24 CRest PHP 1.36';
    private const BATCH_MAXIMUM = 50;

    public function __construct(private readonly string $webhook)
    {
    }

    public function call(string $method, array $parameters = []): array
    {
        $request = curl_init($this->webhook . $method . '.json');
        curl_setopt_array($request, [
            CURLOPT_RETURNTRANSFER => true,
            CURLOPT_USERAGENT => self::USER_AGENT,
            CURLOPT_FOLLOWLOCATION => true,
            CURLOPT_POSTREDIR => CURL_REDIR_POST_302 | CURL_REDIR_POST_303,
        ]);
        if ($parameters) {
            curl_setopt_array($request, [CURLOPT_POST => true, CURLOPT_POSTFIELDS => http_build_query($parameters)]);
        }
        $answer = curl_exec($request);
        if ($answer === false) {
            throw new RuntimeException(curl_error($request));
        }
        return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
    }

    public function batch(array $calls, int $halt = 0): array
    {
        $commands = [];
        foreach (array_slice($calls, 0, self::BATCH_MAXIMUM, true) as $key => $call) {
            $query = empty($call['params']) ? '' : '?' . http_build_query($call['params']);
            $commands[$key] = $call['method'] . $query;
        }
        return $this->call('batch', ['cmd' => $commands, 'halt' => $halt]);
    }
}

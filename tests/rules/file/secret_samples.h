// A made-up secret of every kind. None of them stands in the repository: a template says of what
// characters it is made, and they are drawn when the test runs.
#pragma once

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace trunkgate {

struct SecretTemplate {
  std::string_view kind;
  // "{A36}" stands for 36 letters and digits; a: in lower case; U: A-Z and 2-7; h: lower-case
  // hexadecimal; H: upper-case; d: digits; l: letters; w: word characters and "-"; b: base 64;
  // q: bech32. The last group made shorter by one is a near miss.
  std::string_view text;
};

struct SecretSample {
  std::string text;
  std::vector<std::string> drawn;  // what must not be shown
};

inline std::string_view alphabet_of(char kind) {
  constexpr std::string_view kAll =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  switch (kind) {
    case 'A':
    case 'w':  // letters and digits are word characters, too
    case 'b':
      return kAll;
    case 'a':
      return kAll.substr(0, 36);
    case 'U':
      return "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    case 'h':
      return "0123456789abcdef";
    case 'H':
      return "0123456789ABCDEF";
    case 'd':
      return "0123456789";
    case 'l':
      return kAll.substr(10);
    default:
      return "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
  }
}

// `shorter` is taken off the last group.
inline SecretSample draw(std::string_view text, unsigned seed, std::size_t shorter = 0) {
  std::minstd_rand random(seed);
  SecretSample sample;
  const auto last = text.rfind('{');
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '{') {
      sample.text += text[at];
      continue;
    }
    const auto close = text.find('}', at);
    std::size_t size = std::stoul(std::string(text.substr(at + 2, close - at - 2)));
    if (at == last) size -= shorter;
    const std::string_view alphabet = alphabet_of(text[at + 1]);
    std::string drawn;
    while (drawn.size() < size) {
      const char next = alphabet[random() / 7 % alphabet.size()];
      if (drawn.empty() || drawn.back() != next) drawn += next;  // runs look like placeholders
    }
    sample.text += drawn;
    sample.drawn.push_back(drawn);
    at = close;
  }
  return sample;
}

inline constexpr SecretTemplate kSecretTemplates[] = {
    {"github-token", "ghp_{A36}"},
    {"github-fine-grained-token", "github_pat_{A22}_{A59}"},
    {"gitlab-token", "glpat-{w20}"},
    {"gitlab-deploy-token", "gldt-{w20}"},
    {"gitlab-runner-token", "glrt-{w20}"},
    {"gitlab-job-token", "glcbt-{w20}"},
    {"gitlab-trigger-token", "glptt-{w20}"},
    {"gitlab-feed-token", "glft-{w20}"},
    {"gitlab-mail-token", "glimt-{w20}"},
    {"gitlab-agent-token", "glagent-{w50}"},
    {"gitlab-scim-token", "glsoat-{w20}"},
    {"gitlab-oauth-secret", "gloas-{w64}"},
    {"gitlab-feature-flag-token", "glffct-{w20}"},
    {"bitbucket-token", "ATBB{A24}{H8}"},
    {"atlassian-token", "ATATT3{w60}"},
    {"npm-token", "npm_{A36}"},
    {"pypi-token", "pypi-AgEIcHlwaS5vcmc{w50}"},
    {"rubygems-token", "rubygems_{h48}"},
    {"crates-token", "cio{A32}"},
    {"nuget-token", "oy2{a43}"},
    {"clojars-token", "CLOJARS_{a60}"},
    {"docker-token", "dckr_pat_{w27}"},
    {"artifactory-token", "AKCp{A69}"},
    {"sonarqube-token", "sqp_{h40}"},
    {"circleci-token", "CCIPAT_{A22}_{h40}"},
    {"buildkite-token", "bkua_{h40}"},
    {"figma-token", "figd_{w40}"},
    {"postman-token", "PMAK-{h24}-{h34}"},
    {"linear-token", "lin_api_{A40}"},
    {"notion-token", "ntn_{A43}"},
    {"airtable-token", "pat{A14}.{h64}"},
    {"contentful-token", "CFPAT-{w43}"},
    {"readme-token", "rdme_{a70}"},
    {"aws-access-key", "AKIA{U16}"},
    {"aws-secret-key", "aws_secret_access_key = {b40}"},
    {"aws-bedrock-key", "ABSKQmVkcm9ja0FQSUtleS{b80}"},
    {"google-api-key", "AIza{w35}"},
    {"google-oauth-secret", "GOCSPX-{w28}"},
    {"google-access-token", "ya29.{w40}"},
    {"google-refresh-token", "1//0{w40}"},
    {"firebase-server-key", "AAAA{w7}:{w140}"},
    {"gcp-service-account", "\"private_key\": \"-----BEGIN PRIVATE KEY-----\\\\n{b31}"},
    {"azure-client-secret", "{A3}{d1}Q~{w31}"},
    {"azure-storage-key", "AccountKey={b86}=="},
    {"azure-shared-access-key", "SharedAccessKey={b43}="},
    {"azure-sas", "sig={A43}%3D"},
    {"azure-devops-token", "{A76}AZDO{A4}"},
    {"alibaba-access-key", "LTAI{A12}"},
    {"tencent-secret-id", "AKID{A32}"},
    {"yandex-api-key", "AQVN{w35}"},
    {"digitalocean-token", "dop_v1_{h64}"},
    {"heroku-token", "HRKU-{w36}"},
    {"heroku-key", "HEROKU_API_KEY={h8}-{h4}-{h4}-{h4}-{h12}"},
    {"cloudflare-token", "cloudflare_api_token: \"{w40}\""},
    {"cloudflare-origin-key", "v1.0-{h24}-{h146}"},
    {"fastly-token", "FASTLY_TOKEN={w32}"},
    {"netlify-token", "nfp_{A36}"},
    {"vercel-blob-token", "vercel_blob_rw_{A16}_{A28}"},
    {"fly-token", "fo1_{w43}"},
    {"render-token", "rnd_{A32}"},
    {"planetscale-token", "pscale_tkn_{w32}"},
    {"supabase-token", "sbp_{h40}"},
    {"terraform-token", "{A14}.atlasv1.{w60}"},
    {"vault-token", "hvs.{w24}"},
    {"pulumi-token", "pul-{h40}"},
    {"doppler-token", "dp.pt.{A40}"},
    {"databricks-token", "dapi{h32}"},
    {"onepassword-token", "ops_eyJ{b200}"},
    {"tailscale-key", "tskey-auth-{A12}-{A20}"},
    {"prefect-token", "pnu_{A36}"},
    {"okta-token", "OKTA_TOKEN: 00{w40}"},
    {"anthropic-key", "sk-ant-api03-{w80}"},
    {"openrouter-key", "sk-or-v1-{h64}"},
    {"openai-key", "sk-proj-{w40}"},
    {"openai-user-key", "sk-{A20}T3BlbkFJ{A20}"},
    {"huggingface-token", "hf_{l34}"},
    {"groq-key", "gsk_{A52}"},
    {"perplexity-key", "pplx-{A48}"},
    {"replicate-token", "r8_{A37}"},
    {"xai-key", "xai-{A80}"},
    {"nvidia-key", "nvapi-{w60}"},
    {"langsmith-key", "lsv2_pt_{h32}_{h10}"},
    {"mistral-key", "MISTRAL_API_KEY={A32}"},
    {"deepseek-key", "deepseek_key='sk-{h32}'"},
    {"wandb-key", "WANDB_API_KEY={h40}"},
    {"slack-token", "xoxb-{A20}"},
    {"slack-app-token", "xapp-1-A{H9}-{d12}-{h40}"},
    {"slack-webhook", "https://hooks.slack.com/services/T{H9}/B{H9}/{A20}"},
    {"teams-webhook",
     "https://corp.webhook.office.com/webhookb2/{h8}-{h4}-{h4}-{h4}-{h12}@{h8}-{h4}-{h4}-{h4}-{h12}"
     "/IncomingWebhook/{h32}/{h8}-{h4}-{h4}-{h4}-{h12}"},
    {"discord-webhook", "https://discord.com/api/webhooks/{d18}/{w60}"},
    {"discord-token", "DISCORD_TOKEN=M{w23}.{w6}.{w27}"},
    {"telegram-token", "{d10}:AA{w33}"},
    {"twilio-key", "SK{h32}"},
    {"twilio-auth-token", "TWILIO_AUTH_TOKEN={h32}"},
    {"sendgrid-key", "SG.{w22}.{w43}"},
    {"mailgun-key", "key-{h32}"},
    {"mailchimp-key", "{h32}-us{d1}"},
    {"brevo-key", "xkeysib-{h64}-{A16}"},
    {"resend-key", "re_{A8}_{A24}"},
    {"vk-token", "vk1.a.{w80}"},
    {"facebook-token", "EAAG{A100}"},
    {"facebook-secret", "facebook_app_secret = '{h32}'"},
    {"hubspot-token", "pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}"},
    {"stripe-key", "sk_live_{A24}"},
    {"stripe-test-key", "sk_test_{A24}"},
    {"stripe-webhook-secret", "whsec_{A32}"},
    {"square-token", "sq0atp-{w22}"},
    {"shopify-token", "shpat_{h32}"},
    {"braintree-token", "access_token$production${a16}${h32}"},
    {"razorpay-key", "rzp_live_{A14}"},
    {"flutterwave-key", "FLWSECK-{h32}-X"},
    {"easypost-key", "EZAK{A54}"},
    {"easypost-test-key", "EZTK{A54}"},
    {"duffel-token", "duffel_live_{w43}"},
    {"shippo-token", "shippo_live_{h40}"},
    {"datadog-key", "DD_API_KEY={h32}"},
    {"newrelic-key", "NRAK-{H27}"},
    {"newrelic-licence", "{h36}NRAL"},
    {"sentry-token", "sntryu_{h64}"},
    {"grafana-token", "glsa_{A32}_{h8}"},
    {"dynatrace-token", "dt0c01.{U24}.{U64}"},
    {"algolia-key", "algolia_admin_key: '{h32}'"},
    {"adafruit-key", "aio_{A28}"},
    {"mapbox-token", "sk.eyJ{w40}.{w22}"},
    {"dropbox-token", "sl.{w130}"},
    {"typeform-token", "tfp_{w44}"},
    {"age-key", "AGE-SECRET-KEY-1{q58}"},
    {"private-key", "-----BEGIN RSA PRIVATE KEY-----\n{b32}"},
    {"ssh2-private-key", "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nComment: \"a key\"\n{b32}"},
    {"putty-private-key", "Private-Lines: 14\n{b32}"},
    {"json-web-token", "eyJ{w30}.eyJ{w60}.{w20}"},
    {"url-password", "https://bot:{A5}@git.corp.net/a.git"},
    {"assigned-secret", "db_password = '{A12}7xK'"},
};

}  // namespace trunkgate

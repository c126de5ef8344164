//! Settings of alerts and of e-mail, as flags of `serve` and of `portreeve alerts`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use portal::settings::{Format, Hidden, MailTls, Name, Settings};

/// Who is told when handlers fail, and how e-mail is sent. What is not given the console may decide.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Alerts and e-mail")]
pub struct Telling {
    /// Minutes for which a handler must fail before somebody is told; 0 switches alerts off; at first 10
    #[arg(long, env = "PORTREEVE_ALERT_AFTER", value_name = "MINUTES",
        value_parser = clap::value_parser!(u32).range(0..=1440))]
    pub alert_after: Option<u32>,
    /// URL to which alerts are posted, signed as deliveries are: a program of yours, or a chat's incoming webhook
    #[arg(long, env = "PORTREEVE_ALERT_URL", value_name = "URL", hide_env_values = true)]
    pub alert_url: Option<String>,
    /// What is posted there: standard, text (Slack, Mattermost, Telegram), content (Discord), or a template in JSON
    #[arg(long, env = "PORTREEVE_ALERT_FORMAT", value_name = "FORMAT", value_parser = format)]
    pub alert_format: Option<Format>,
    /// Who gets alerts by e-mail beside the webhook's owner; without any, the administrators do
    #[arg(long, env = "PORTREEVE_ALERT_MAIL", value_name = "ADDRESS,..", value_delimiter = ',')]
    pub alert_mail: Option<Vec<String>>,
    /// Mail server; without one the portal sends no e-mail
    #[arg(long, env = "PORTREEVE_SMTP_HOST", value_name = "HOST")]
    pub smtp_host: Option<String>,
    /// Port of the mail server; by default 587, 465 or 25, by the encryption
    #[arg(long, env = "PORTREEVE_SMTP_PORT", value_name = "PORT",
        value_parser = clap::value_parser!(u16).range(1..))]
    pub smtp_port: Option<u16>,
    /// Encryption of the connection to the mail server; at first starttls
    #[arg(long, env = "PORTREEVE_SMTP_TLS", value_enum)]
    pub smtp_tls: Option<SmtpTls>,
    /// User name on the mail server; without one nobody signs in
    #[arg(long, env = "PORTREEVE_SMTP_USER", value_name = "NAME")]
    pub smtp_user: Option<String>,
    /// Password on the mail server; better in the environment or in --smtp-password-file
    #[arg(long, env = "PORTREEVE_SMTP_PASSWORD", value_name = "TEXT", hide_env_values = true)]
    pub smtp_password: Option<String>,
    /// File with that password in its first line
    #[arg(long, env = "PORTREEVE_SMTP_PASSWORD_FILE", value_name = "FILE", conflicts_with = "smtp_password")]
    pub smtp_password_file: Option<PathBuf>,
    /// Sender of e-mails: "CRM <crm@example.com>"; by default portreeve@ and the portal's host
    #[arg(long, env = "PORTREEVE_SMTP_FROM", value_name = "ADDRESS")]
    pub smtp_from: Option<String>,
}

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum SmtpTls {
    /// After the greeting, and before anything else
    Starttls,
    /// From the start
    Tls,
    /// Not at all: for a server on the same machine
    Off,
}

impl Telling {
    /// Notes what is given in the portal's settings.
    ///
    /// # Errors
    /// For a value that means nothing, and when the file of the password cannot be read.
    pub fn give(&self, settings: &mut Settings) -> Result<()> {
        let texts = [
            (Name::AlertMail, self.alert_mail.as_ref().map(|all| all.join(","))),
            (Name::SmtpHost, self.smtp_host.clone()),
            (Name::SmtpPort, self.smtp_port.map(|port| port.to_string())),
            (Name::SmtpUser, self.smtp_user.clone()),
            (Name::SmtpFrom, self.smtp_from.clone()),
            (Name::SmtpPassword, self.password()?),
        ];
        for (name, text) in texts {
            let Some(text) = text else { continue };
            let flag = name.code().replace('_', "-");
            settings.set(name, &text).map_err(|fault| anyhow::anyhow!("--{flag}: {}", fault.message))?;
            settings.given.push(name);
        }
        if let Some(after) = self.alert_after {
            settings.alerts.after = after.into();
            settings.given.push(Name::AlertAfter);
        }
        if let Some(url) = &self.alert_url {
            // The guard looks at it whenever something is sent.
            settings.alerts.url = Hidden::plain(url.trim());
            settings.given.push(Name::AlertUrl);
        }
        if let Some(format) = &self.alert_format {
            settings.alerts.format = format.clone();
            settings.given.push(Name::AlertFormat);
        }
        if let Some(tls) = self.smtp_tls {
            settings.mail.tls = match tls {
                SmtpTls::Starttls => MailTls::StartTls,
                SmtpTls::Tls => MailTls::Tls,
                SmtpTls::Off => MailTls::Off,
            };
            settings.given.push(Name::SmtpTls);
        }
        Ok(())
    }

    fn password(&self) -> Result<Option<String>> {
        let read = |file: &PathBuf| {
            let text = std::fs::read_to_string(file);
            let text =
                text.with_context(|| format!("--smtp-password-file: cannot read {}", file.display()))?;
            Ok::<_, anyhow::Error>(text.lines().next().unwrap_or_default().to_owned())
        };
        match &self.smtp_password_file {
            Some(file) => read(file).map(Some),
            None => Ok(self.smtp_password.clone()),
        }
    }
}

fn format(text: &str) -> Result<Format> {
    Format::parse(text).map_err(anyhow::Error::msg)
}
